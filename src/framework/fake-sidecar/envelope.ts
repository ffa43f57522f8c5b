import { messageOf } from '../../base/error.ts';
import { isTable, type Table } from '../../base/table.ts';
import { ApiError } from './api-error.ts';

/** What is published. */
export interface Publication {
  readonly pubsub: string;
  readonly topic: string;
  readonly bytes: Buffer;
  /** Empty when the publisher named none. */
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The W3C trace context of the publisher; empty when there is none. */
  readonly traceparent: string;
}

const DEFAULTS = { source: 'Dapr', type: 'com.dapr.event.sent', specversion: '1.0' };

/**
 * The CloudEvent that Dapr makes of what is published: a new one around the payload, or the publisher's own, completed.
 * https://github.com/dapr/components-contrib/blob/v1.16.5/pubsub/envelope.go
 */
export function envelopeOf(publication: Publication, appId: string): Table {
  const { pubsub, topic, bytes, contentType, metadata } = publication;
  const traceparent = metadata['cloudevent.traceparent'] ?? childOf(publication.traceparent);
  const tracestate = metadata['cloudevent.tracestate'] ?? '';
  const traces = { traceid: traceparent, traceparent, tracestate };
  if (isType(contentType, 'application/cloudevents+json')) {
    return { time: now(), ...traces, ...DEFAULTS, ...ownEventOf(bytes), topic, pubsubname: pubsub };
  }
  return {
    id: metadata['cloudevent.id'] ?? globalThis.crypto.randomUUID(),
    specversion: DEFAULTS.specversion,
    datacontenttype: contentType || 'text/plain',
    source: metadata['cloudevent.source'] ?? appId,
    type: metadata['cloudevent.type'] ?? DEFAULTS.type,
    topic,
    pubsubname: pubsub,
    ...traces,
    time: now(),
    ...dataOf(bytes, contentType),
  };
}

/** The CloudEvent that Dapr makes for a subscriber of raw payloads. */
export function rawEnvelopeOf(bytes: Buffer, pubsub: string, topic: string): Table {
  return {
    id: globalThis.crypto.randomUUID(),
    ...DEFAULTS,
    datacontenttype: 'application/octet-stream',
    topic,
    pubsubname: pubsub,
    data_base64: bytes.toString('base64'),
  };
}

function ownEventOf(bytes: Buffer): Table {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (isTable(value)) return value;
  } catch {
    // Said below.
  }
  throw new ApiError(500, 'ERR_PUBSUB_CLOUD_EVENTS_SER', 'cannot create cloudevent');
}

function dataOf(bytes: Buffer, contentType: string): Table {
  if (isType(contentType, 'application/octet-stream')) return { data_base64: bytes.toString('base64') };
  const text = bytes.toString();
  if (!isType(contentType, 'application/json')) return { data: text };
  try {
    return { data: JSON.parse(text) };
  } catch {
    return { data: text };
  }
}

/** Dapr knows these types by themselves alone, a suffix such as `+json` does not count. */
export function isType(contentType: string, expected: string): boolean {
  return contentType.toLowerCase().split(';')[0] === expected;
}

/** RFC 3339, in seconds. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}

/** A new span of a trace, or of a new one: https://www.w3.org/TR/trace-context/#traceparent-header */
function childOf(traceparent: string): string {
  const [, trace = hex(16), flags = '00'] = /^00-([\da-f]{32})-[\da-f]{16}-([\da-f]{2})$/.exec(traceparent) ?? [];
  return `00-${trace}-${hex(8)}-${flags}`;
}

function hex(length: number): string {
  return Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(length))).toString('hex');
}

/** A message's bytes as a CloudEvent; undefined when they are none. */
export function parseEnvelope(bytes: Buffer): Table | string {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isTable(value) ? value : 'it is no JSON object';
  } catch (error) {
    return messageOf(error);
  }
}
