import type { IncomingHttpHeaders } from 'node:http';
import type { CloudEvent } from '../functions.ts';
import type { Table } from '../../base/table.ts';
import { textOf } from '../table.ts';
import { carrierOf, type Carrier } from './carrier.ts';
import type { Metadata } from './client.ts';
import { innerEventOf, userDataOf, type InnerEvent } from './inner-event.ts';
import type { Message, TopicEvent } from './message.ts';
import { envelopeBytes, envelopeData, extensionsOf } from './topic-data.ts';

/** What came beside an envelope. */
export interface Delivery {
  readonly metadata: () => Metadata;
  readonly headers?: IncomingHttpHeaders;
}

/** A message of a topic that came as a CloudEvent in JSON. */
export class TopicMessage implements Message {
  readonly inputName: string;
  readonly data: unknown;
  readonly innerEvent: InnerEvent | undefined;
  readonly bindingEvent = undefined;
  readonly #envelope: Table;
  readonly #delivery: Delivery;

  constructor(inputName: string, envelope: Table, delivery: Delivery = { metadata: () => ({}) }) {
    this.inputName = inputName;
    this.#delivery = delivery;
    this.#envelope = envelope;
    const value = envelopeData(envelope);
    this.innerEvent = innerEventOf(envelope) ?? innerEventOf(value);
    this.data = this.innerEvent === undefined ? value : userDataOf(this.innerEvent);
  }

  get id(): string {
    return textOf(this.#envelope['id']);
  }

  get rawData(): Buffer {
    return envelopeBytes(this.#envelope);
  }

  get topicEvent(): TopicEvent {
    const envelope = this.#envelope;
    return {
      id: textOf(envelope['id']),
      specVersion: textOf(envelope['specversion']),
      type: textOf(envelope['type']),
      source: textOf(envelope['source']),
      dataContentType: textOf(envelope['datacontenttype']),
      data: this.data,
      rawData: this.rawData,
      subject: textOf(envelope['subject']),
      topic: textOf(envelope['topic']),
      pubsubName: textOf(envelope['pubsubname']),
      metadata: { ...this.#delivery.metadata(), ...extensionsOf(envelope) },
    };
  }

  get cloudEvent(): CloudEvent {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its sender says what it is
    return { ...this.#envelope, data: this.data } as CloudEvent;
  }

  get carrier(): Carrier {
    return carrierOf(this.innerEvent?.metadata, this.#delivery.headers, this.#envelope);
  }
}
