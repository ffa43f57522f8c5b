import type { CloudEvent } from '../functions.ts';
import { plainText, textOf, type Table } from '../table.ts';
import type { Metadata } from './client.ts';
import { innerEventOf, userDataOf, type InnerEvent } from './inner-event.ts';
import type { Message, TopicEvent } from './message.ts';
import { envelopeBytes, envelopeData } from './topic-data.ts';

/** The members that `TopicEvent` and Dapr's own extensions name. */
const ATTRIBUTES = new Set(
  'id specversion type source datacontenttype subject time data data_base64 topic pubsubname traceid traceparent tracestate'.split(
    ' ',
  ),
);

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
    const extensions = Object.entries(envelope).filter(([name]) => !ATTRIBUTES.has(name));
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
      metadata: {
        ...this.#metadata(),
        ...Object.fromEntries(extensions.map(([name, value]) => [name, plainText(value)])),
      },
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
