import type { Carrier } from '../../framework/dapr/carrier.ts';
import type { SpanContext } from './span.ts';

const SINGLE = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d])(?:-[0-9a-f]{16})?)?$/;
const ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/;

/** Zipkin's headers, in one or in several: https://github.com/openzipkin/b3-propagation */
export function parseB3(carrier: Carrier): SpanContext | undefined {
  const [, traceId, spanId, flag] = SINGLE.exec(carrier('b3') ?? '') ?? [];
  if (traceId !== undefined && spanId !== undefined) return contextOf(traceId, spanId, flag !== '0');
  const { trace = '', span = '' } = { trace: carrier('x-b3-traceid'), span: carrier('x-b3-spanid') };
  if (!ID.test(trace) || !ID.test(span)) return undefined;
  return contextOf(trace, span, carrier('x-b3-sampled') !== '0' || carrier('x-b3-flags') === '1');
}

/** `b3` */
export function formatB3({ traceId, spanId, sampled }: SpanContext): Record<string, string> {
  return { b3: `${traceId}-${spanId}-${sampled ? '1' : '0'}` };
}

/** `b3multi` */
export function formatB3Multi({ traceId, spanId, sampled }: SpanContext): Record<string, string> {
  return { 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, 'x-b3-sampled': sampled ? '1' : '0' };
}

function contextOf(traceId: string, spanId: string, sampled: boolean): SpanContext {
  return { traceId: traceId.padStart(32, '0'), spanId, sampled, traceState: '' };
}
