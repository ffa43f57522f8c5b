import type { SendBatch } from '../batches.ts';
import { poster } from '../post.ts';
import { withRetries } from '../retry.ts';
import type { Target } from '../target.ts';
import { encodeTraces, type Origin } from './otlp-message.ts';
import type { EndedSpan } from './span.ts';
import { zipkinSpans } from './zipkin-message.ts';

/** Sends spans over HTTP as Protocol Buffers: https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function otlpOverHttp(target: Target, origin: Origin): SendBatch<EndedSpan> {
  const post = poster(target, 'application/x-protobuf');
  return (spans, ending) => {
    const body = encodeTraces(spans, origin);
    return withRetries(() => post(body), ending);
  };
}

/** Sends spans to Zipkin, as JSON. */
export function zipkin(target: Target, origin: Origin): SendBatch<EndedSpan> {
  const post = poster(target, 'application/json');
  return (spans, ending) => {
    const body = Buffer.from(JSON.stringify(zipkinSpans(spans, origin)));
    return withRetries(() => post(body), ending);
  };
}
