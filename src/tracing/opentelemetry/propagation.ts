import type { Carrier } from '../../framework/dapr/carrier.ts';
import { formatB3, formatB3Multi, parseB3 } from './b3.ts';
import { formatBaggage, parseBaggage, type Baggage } from './baggage.ts';
import type { SpanContext } from './span.ts';
import { formatTraceparent, parseTraceparent } from './trace-context.ts';

/** Those of OTEL_PROPAGATORS that are known. */
export const PROPAGATORS = ['tracecontext', 'baggage', 'b3', 'b3multi', 'none'] as const;
export type Propagator = (typeof PROPAGATORS)[number];

/** What came along with a call. */
export interface Incoming {
  readonly parent: SpanContext | undefined;
  readonly baggage: Baggage;
}

/** Reads and writes the contexts of traces. */
export interface Propagation {
  readonly extract: (carrier: Carrier) => Incoming;
  readonly inject: (context: SpanContext, baggage: Baggage) => Record<string, string>;
}

/** Makes it; `baggage` is sent along with everything. */
export function makePropagation(names: readonly Propagator[], own: Baggage): Propagation {
  const has = new Set(names);
  const hasB3 = has.has('b3') || has.has('b3multi');
  const parentOf = (carrier: Carrier): SpanContext | undefined => {
    const traceparent = has.has('tracecontext') ? carrier('traceparent') : undefined;
    const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent, carrier('tracestate'));
    return parent ?? (hasB3 ? parseB3(carrier) : undefined);
  };
  return {
    extract(carrier) {
      const header = has.has('baggage') ? carrier('baggage') : undefined;
      return { parent: parentOf(carrier), baggage: header === undefined ? own : { ...parseBaggage(header), ...own } };
    },
    inject(context, baggage) {
      const headers: Record<string, string> = {};
      if (has.has('tracecontext')) {
        headers['traceparent'] = formatTraceparent(context);
        if (context.traceState !== '') headers['tracestate'] = context.traceState;
      }
      const header = has.has('baggage') ? formatBaggage(baggage) : '';
      if (header !== '') headers['baggage'] = header;
      if (has.has('b3')) Object.assign(headers, formatB3(context));
      if (has.has('b3multi')) Object.assign(headers, formatB3Multi(context));
      return headers;
    },
  };
}
