import type { CloudEvent } from '../functions.ts';
import { textOf, type Table } from '../table.ts';
import type { Metadata } from './client.ts';
import { innerEventOf, userDataOf, type InnerEvent } from './inner-event.ts';
import type { Message, TopicEvent } from './message.ts';
import { envelopeBytes, envelopeData, extensionsOf } from './topic-data.ts';

/** A message of a topic that came as a CloudEvent in JSON. */
export class TopicMessage implements Message {
  readonly inputName: string;
  readonly data: unknown;
  readonly innerEvent: InnerEvent | undefined;
  readonly bindingEvent = undefined;
  readonly #envelope: Table;
  readonly #metadata: () => Metadata;

  /** `metadata` is what came beside the envelope. */
  constructor(inputName: string, envelope: Table, metadata: () => Metadata = () => ({})) {
    this.inputName = inputName;
    this.#metadata = metadata;
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
      metadata: { ...this.#metadata(), ...extensionsOf(envelope) },
    };
  }

  get cloudEvent(): CloudEvent {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its sender says what it is
    return { ...this.#envelope, data: this.data } as CloudEvent;
  }

  get traceparent(): string {
    return textOf(this.#envelope['traceparent']);
  }
}
