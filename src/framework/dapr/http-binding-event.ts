import type { IncomingHttpHeaders } from 'node:http';
import type { BindingEvent } from './message.ts';

/** Headers of the connection and of the body; the rest is the component's metadata. */
const NOT_METADATA = new Set(
  'host connection keep-alive te trailer upgrade transfer-encoding content-length content-type accept accept-encoding user-agent dapr-api-token traceparent tracestate grpc-trace-bin'.split(
    ' ',
  ),
);

/** A binding's event that came by HTTP; header names are in lower case. */
export class HttpBindingEvent implements BindingEvent {
  readonly name: string;
  readonly data: Buffer;
  readonly #headers: IncomingHttpHeaders;

  constructor(name: string, data: Buffer, headers: IncomingHttpHeaders) {
    this.name = name;
    this.data = data;
    this.#headers = headers;
  }

  get metadata(): Readonly<Record<string, string>> {
    const pairs = Object.entries(this.#headers).filter(([name]) => !NOT_METADATA.has(name));
    return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]));
  }
}
