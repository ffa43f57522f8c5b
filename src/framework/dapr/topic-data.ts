import { isTable, type Table } from '../../base/table.ts';
import { plainText, textOf } from '../table.ts';
import { decodeBytes, parseJson } from './answer.ts';

const JSON_TYPE = /^[^;]*[/+]json\s*(?:;|$)/i;
/** Dapr sends these as text. */
const TEXT_TYPE = /^\s*(?:text\/|application\/xml\s*(?:;|$))/i;

/** Data by its content type: JSON parsed, text as text, anything else as bytes; without a type, whatever it is. */
export function decodeTyped(bytes: Buffer, contentType: string): unknown {
  if (contentType === '') return decodeBytes(bytes);
  if (JSON_TYPE.test(contentType)) {
    if (bytes.length === 0) return null;
    const value = parseJson(bytes);
    return value === undefined ? decodeBytes(bytes) : value;
  }
  return TEXT_TYPE.test(contentType) ? bytes.toString() : bytes;
}

/** The data of a CloudEvent in JSON: `data` if the key is there, whatever its value, else `data_base64`. */
export function envelopeData(envelope: Table): unknown {
  if ('data' in envelope) return envelope['data'];
  const base64 = envelope['data_base64'];
  if (typeof base64 !== 'string') return undefined;
  return decodeTyped(Buffer.from(base64, 'base64'), textOf(envelope['datacontenttype']));
}

/** The bytes of the same. */
export function envelopeBytes(envelope: Table): Buffer {
  const base64 = envelope['data_base64'];
  if (!('data' in envelope)) return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.alloc(0);
  const { data } = envelope;
  const isText = typeof data === 'string' && TEXT_TYPE.test(textOf(envelope['datacontenttype']));
  return Buffer.from(isText ? data : JSON.stringify(data));
}

/** Whether a body is an envelope, and not the payload itself. */
export function isEnvelope(value: unknown): value is Table {
  return isTable(value) && typeof value['specversion'] === 'string' && typeof value['type'] === 'string';
}

/** The members that `TopicEvent` and Dapr's own extensions name. */
const ATTRIBUTES = new Set(
  'id specversion type source datacontenttype subject time data data_base64 topic pubsubname traceid traceparent tracestate'.split(
    ' ',
  ),
);

/** Attributes that its sender added to a CloudEvent. */
export function extensionsOf(envelope: Table): Record<string, string> {
  const extensions = Object.entries(envelope).filter(([name]) => !ATTRIBUTES.has(name));
  return Object.fromEntries(extensions.map(([name, value]) => [name, plainText(value)]));
}
