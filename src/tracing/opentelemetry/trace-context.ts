import type { SpanContext } from './span.ts';

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** Longer ones may be dropped, others than of printable ASCII mean nothing: https://www.w3.org/TR/trace-context/#tracestate-header */
const STATE = /^[\t\u0020-\u007E]{0,512}$/;

/** Reads `traceparent` and `tracestate`; undefined where there is no valid one. */
export function parseTraceparent(traceparent: string, traceState: string | undefined): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '0', rest] = TRACEPARENT.exec(traceparent.trim()) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const state = traceState !== undefined && STATE.test(traceState) ? traceState : '';
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1, traceState: state };
}

/** Writes `traceparent`. */
export function formatTraceparent({ traceId, spanId, sampled }: SpanContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
