import type { IncomingHttpHeaders } from 'node:http';
import type { CloudEvent } from '../functions.ts';
import { decodeBytes } from './answer.ts';
import { carrierOf, type Carrier } from './carrier.ts';
import { innerEventOf, userDataOf, type InnerEvent } from './inner-event.ts';
import type { BindingEvent, Message } from './message.ts';

/** A message of an input binding. A timer sends no bytes, for which the data is an empty object. */
export class BindingMessage implements Message {
  readonly inputName: string;
  readonly data: unknown;
  readonly bindingEvent: BindingEvent;
  readonly innerEvent: InnerEvent | undefined;
  readonly topicEvent = undefined;
  readonly #headers: IncomingHttpHeaders | undefined;
  #cloudEvent: CloudEvent | undefined;

  /** `headers` are those of the delivery. */
  constructor(inputName: string, event: BindingEvent, headers?: IncomingHttpHeaders) {
    this.inputName = inputName;
    this.bindingEvent = event;
    this.#headers = headers;
    const value = event.data.length === 0 ? {} : decodeBytes(event.data);
    this.innerEvent = innerEventOf(value);
    this.data = this.innerEvent === undefined ? value : userDataOf(this.innerEvent);
  }

  get rawData(): Buffer {
    return this.bindingEvent.data;
  }

  /** A binding's messages have no name of their own: those with the same bytes are the same. */
  get id(): string {
    return `${this.bindingEvent.name}\0${this.bindingEvent.data.toString('latin1', 0, 512)}`;
  }

  get cloudEvent(): CloudEvent {
    const { name } = this.bindingEvent;
    return (this.#cloudEvent ??= {
      specversion: '1.0',
      id: globalThis.crypto.randomUUID(),
      source: name,
      type: 'io.dapr.binding',
      datacontenttype: Buffer.isBuffer(this.data) ? 'application/octet-stream' : 'application/json',
      data: this.data,
    });
  }

  get carrier(): Carrier {
    return carrierOf(this.innerEvent?.metadata, this.#headers, this.bindingEvent.metadata);
  }
}
