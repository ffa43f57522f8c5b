import type { AttributeValue, SpanKind } from '../instrument.ts';

/** Where a span stands: https://opentelemetry.io/docs/specs/otel/trace/api/#spancontext */
export interface SpanContext {
  /** 32 digits, hexadecimal. */
  readonly traceId: string;
  /** 16 digits, hexadecimal. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** As it came; empty when there is none. */
  readonly traceState: string;
}

/** Something that happened during a span. */
export interface SpanEvent {
  readonly name: string;
  readonly time: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A span that has ended, as exporters get it. Times are milliseconds since 1970. */
export interface EndedSpan {
  readonly context: SpanContext;
  /** Undefined for the root of a trace. */
  readonly parent: SpanContext | undefined;
  /** Whether the parent is of another process. */
  readonly isRemote: boolean;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: number;
  readonly end: number;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  readonly droppedAttributes: number;
  readonly events: readonly SpanEvent[];
  /** Why it failed; undefined when it did not. */
  readonly failure: string | undefined;
}
