import type { Carrier } from '../framework/dapr/carrier.ts';

/** What a span is about: https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
export type SpanKind = 'server' | 'consumer' | 'client' | 'producer' | 'internal';

/** A value of an attribute. */
export type AttributeValue = string | number | boolean;

/** What is said of a span, by name; undefined is left out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** A span that is about to begin. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  /** Asked for when the span is recorded. */
  readonly attributes: () => Attributes;
  /** Where the context of a caller stands; undefined for spans below the running one. */
  readonly carrier?: Carrier | undefined;
  /** Whom a call goes to. */
  readonly peer?: string;
}

/** A span that has begun. Nothing that is said after its end counts. */
export interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
  set(name: string, value: AttributeValue): void;
  /** Marks it as failed: with what was thrown, or with a text. */
  fail(reason: unknown): void;
  end(): void;
  /** What lets others continue the trace, as headers. */
  headers(): Readonly<Record<string, string>>;
}

/** Makes spans in the way of one system of tracing. */
export interface Instrument {
  begin(start: SpanStart): OpenSpan;
  /** Runs code below a span. */
  within<T>(span: OpenSpan, act: () => T): T;
  /** The running span. */
  current(): Pick<OpenSpan, 'traceId' | 'spanId'> | undefined;
  /** Sends what has ended; never rejects. */
  flush(): Promise<void>;
}
