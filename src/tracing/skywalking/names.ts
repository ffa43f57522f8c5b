import type { SpanKind } from '../instrument.ts';
import { SPAN_LAYER } from './segment.ts';

/** What SkyWalking calls differently: https://skywalking.apache.org/docs/main/latest/en/api/trace-data-protocol-v3/ */
const TAGS: Readonly<Record<string, string>> = {
  'http.request.method': 'http.method',
  'http.response.status_code': 'http.status_code',
  'url.path': 'url',
  'messaging.destination.name': 'mq.topic',
};

/** The tag of an attribute. */
export function tagOf(attribute: string): string {
  return TAGS[attribute] ?? attribute;
}

/** Of spans by their kind. */
export const LAYERS: Readonly<Record<SpanKind, number>> = {
  server: SPAN_LAYER.faas,
  consumer: SPAN_LAYER.faas,
  client: SPAN_LAYER.http,
  producer: SPAN_LAYER.mq,
  internal: SPAN_LAYER.unknown,
};
