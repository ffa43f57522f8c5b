import { PUBSUB_MESSAGE, PUBSUB_PUBLISH, SERVICE } from './event-types.ts';
import { isTable, type Table } from '../../base/table.ts';
import { textOf } from '../table.ts';

/** A legacy event made of a raw push, and whether the topic is known. */
export interface PushedEvent {
  readonly body: { readonly context: Table; readonly data: Table };
  readonly topic: string | null;
}

/**
 * Recognises the body of a Pub/Sub push subscription, as the emulator sends it, and makes a legacy event of it; undefined
 * for anything else. The topic stands in the path: https://cloud.google.com/pubsub/docs/push
 */
export function fromRawPush(body: unknown, path: string): PushedEvent | undefined {
  if (!isTable(body) || body['context'] || !body['subscription'] || !isTable(body['message'])) return undefined;
  const { message } = body;
  if (!message['data'] || !message['messageId']) return undefined;
  const topic = /projects\/[^/?]+\/topics\/[^/?]+/.exec(path)?.[0] ?? null;
  return {
    topic,
    body: {
      context: {
        eventId: message['messageId'],
        timestamp: textOf(message['publishTime']) || new Date().toISOString(),
        eventType: PUBSUB_PUBLISH,
        resource: { service: SERVICE.pubsub, type: PUBSUB_MESSAGE, name: topic },
      },
      data: { '@type': PUBSUB_MESSAGE, data: message['data'], attributes: message['attributes'] ?? {} },
    },
  };
}
