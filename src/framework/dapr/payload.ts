import { isTable, type Table } from '../../base/table.ts';

/** What is sent, in the form it takes on the wire. */
export interface Payload {
  readonly body: string | Uint8Array;
  readonly contentType: string;
}

/** Text that goes out as it is, and not as JSON. */
export class PlainText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A message for a topic or another function: bytes as they are, a CloudEvent as an envelope, anything else as JSON. */
export function payloadOf(value: unknown): Payload {
  if (value instanceof Uint8Array) return { body: value, contentType: 'application/octet-stream' };
  if (value instanceof PlainText) return { body: value.text, contentType: 'text/plain' };
  if (isCloudEvent(value)) return { body: jsonOf(eventOf(value)), contentType: 'application/cloudevents+json' };
  return { body: jsonOf(value), contentType: 'application/json' };
}

/** Data is JSON where an event does not say so; a sidecar would give subscribers over gRPC none of it. */
function eventOf(event: Table): Table {
  const saysNothing = 'data' in event && event['datacontenttype'] === undefined;
  return saysNothing ? { ...event, datacontenttype: 'application/json' } : event;
}

/** Data for a binding, which travels inside JSON: bytes go in base64. */
export function bindingPayload(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

/** JSON has no undefined and no functions: they are sent as null. */
export function jsonOf(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  return text ?? 'null';
}

/** Whether a value has the attributes that CloudEvents must have. */
export function isCloudEvent(value: unknown): value is Table {
  return isTable(value) && ['specversion', 'id', 'source', 'type'].every((name) => typeof value[name] === 'string');
}

/** Metadata as Dapr takes it from a query: `metadata.<name>=<value>`; empty when there is none. */
export function metadataQuery(metadata: Readonly<Record<string, unknown>> | undefined): string {
  const pairs = Object.entries(metadata ?? {}).map(([name, value]): [string, string] => [
    `metadata.${name}`,
    String(value),
  ]);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
