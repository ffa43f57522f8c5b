import type { IncomingHttpHeaders } from 'node:http';
import { decodePercent } from '../percent.ts';

/** The attributes of a CloudEvent, as they stand in headers. */
export type Attributes = Record<string, string>;

/** Whether headers carry a CloudEvent in binary mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode */
export function isBinary(headers: IncomingHttpHeaders): boolean {
  return Boolean(headers['ce-type'] && headers['ce-specversion'] && headers['ce-source'] && headers['ce-id']);
}

/** The attributes out of `ce-` headers, percent-decoded. */
export function attributesOf(headers: IncomingHttpHeaders): Attributes {
  const attributes: Attributes = {};
  for (const name in headers) {
    if (name.startsWith('ce-')) attributes[name.slice(3)] = decodePercent(String(headers[name]));
  }
  return attributes;
}
