import { BindingMessage } from '../dapr/binding-message.ts';
import type { BindingEvent, Message, TopicEvent } from '../dapr/message.ts';
import { TopicMessage } from '../dapr/topic-message.ts';
import type { CloudEvent } from '../functions.ts';

function isTopicEvent(event: object): event is TopicEvent {
  return 'pubsubName' in event;
}

/** The message that an event stands for. */
export function messageOfEvent(inputName: string, event: BindingEvent | TopicEvent | CloudEvent): Message {
  if (isTopicEvent(event)) {
    const { specVersion, dataContentType, pubsubName, rawData: _, metadata, ...same } = event;
    const names = { specversion: specVersion, datacontenttype: dataContentType, pubsubname: pubsubName };
    return new TopicMessage(inputName, { ...metadata, ...same, ...names });
  }
  if ('specversion' in event) return new TopicMessage(inputName, event);
  return new BindingMessage(inputName, event);
}
