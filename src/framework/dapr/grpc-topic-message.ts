import type { IncomingHttpHeaders } from 'node:http';
import type { CloudEvent } from '../functions.ts';
import type { TopicEventRequest } from '../grpc/topic-event.ts';
import { textOf } from '../table.ts';
import { carrierOf, type Carrier } from './carrier.ts';
import { innerEventOf, mayBeInner, userDataOf, type InnerEvent } from './inner-event.ts';
import type { Message, TopicEvent } from './message.ts';
import { decodeTyped, extensionsOf } from './topic-data.ts';

/** What a message of a topic is made of; the path has been used to find the input. */
export type GrpcTopicEvent = Omit<TopicEventRequest, 'path'>;

/** A message of a topic that came over gRPC. */
export class GrpcTopicMessage implements Message {
  readonly inputName: string;
  readonly data: unknown;
  readonly innerEvent: InnerEvent | undefined;
  readonly bindingEvent = undefined;
  readonly #event: GrpcTopicEvent;
  readonly #headers: IncomingHttpHeaders | undefined;

  constructor(inputName: string, event: GrpcTopicEvent, headers?: IncomingHttpHeaders) {
    this.inputName = inputName;
    this.#event = event;
    this.#headers = headers;
    const value = decodeTyped(event.data, event.dataContentType);
    this.innerEvent = mayBeInner(event.type)
      ? innerEventOf({ ...envelopeOf(event), data: value })
      : innerEventOf(value);
    this.data = this.innerEvent === undefined ? value : userDataOf(this.innerEvent);
  }

  get id(): string {
    return this.#event.id;
  }

  get rawData(): Buffer {
    return this.#event.data;
  }

  get topicEvent(): TopicEvent {
    const { extensions, ...event } = this.#event;
    return {
      ...event,
      data: this.data,
      rawData: event.data,
      subject: textOf(extensions['subject']),
      metadata: extensionsOf(extensions),
    };
  }

  get cloudEvent(): CloudEvent {
    return { ...envelopeOf(this.#event), data: this.data };
  }

  get carrier(): Carrier {
    return carrierOf(this.innerEvent?.metadata, this.#headers, this.#event.extensions);
  }
}

function envelopeOf({ id, source, type, specVersion, dataContentType, ...event }: GrpcTopicEvent): CloudEvent {
  return {
    ...event.extensions,
    specversion: specVersion,
    id,
    source,
    type,
    datacontenttype: dataContentType,
    topic: event.topic,
    pubsubname: event.pubsubName,
  };
}
