import { messageOf } from '../../base/error.ts';
import { asyncHooks } from '../../framework/builtin.ts';
import type { Attributes, AttributeValue, Instrument, OpenSpan, SpanStart } from '../instrument.ts';
import type { Baggage } from './baggage.ts';
import { makeIds } from './ids.ts';
import type { Propagation } from './propagation.ts';
import type { Sampler } from './sampler.ts';
import type { EndedSpan, SpanContext, SpanEvent } from './span.ts';

/** How much a span may hold: https://opentelemetry.io/docs/specs/otel/common/#attribute-limits */
export interface SpanLimits {
  readonly attributes: number;
  /** Characters of a text. */
  readonly length: number;
}

/** What an instrument is made of. */
export interface OwnInstrumentOptions {
  readonly sampler: Sampler;
  readonly propagation: Propagation;
  readonly limits: SpanLimits;
  readonly baggage: Baggage;
  /** Takes spans that have ended; must be quick. */
  readonly export: (span: EndedSpan) => void;
  readonly flush: () => Promise<void>;
}

/** Makes spans of OpenTelemetry without its SDK: https://opentelemetry.io/docs/specs/otel/trace/sdk/ */
export function ownInstrument(options: OwnInstrumentOptions): Instrument {
  const { sampler, propagation } = options;
  const ids = makeIds();
  const running = new asyncHooks.AsyncLocalStorage<OpenSpan>();
  const above = (): Span | undefined => {
    const span = running.getStore();
    return span instanceof Span ? span : undefined;
  };
  return {
    begin(start) {
      const outer = above();
      const incoming = start.carrier === undefined ? undefined : propagation.extract(start.carrier);
      const parent = incoming === undefined ? outer?.context : incoming.parent;
      const traceId = parent?.traceId ?? ids.traceId();
      const context: SpanContext = {
        traceId,
        spanId: ids.spanId(),
        sampled: sampler(traceId, parent),
        traceState: parent?.traceState ?? '',
      };
      const isRemote = incoming !== undefined;
      const baggage = incoming?.baggage ?? outer?.baggage ?? options.baggage;
      const offset = isRemote || outer === undefined ? Date.now() - performance.now() : outer.offset;
      return new Span(options, { start, context, parent, isRemote, baggage, offset });
    },
    within: (span, act) => running.run(span, act),
    current: () => running.getStore(),
    flush: () => options.flush(),
  };
}

interface SpanParts {
  readonly start: SpanStart;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly isRemote: boolean;
  readonly baggage: Baggage;
  /** Milliseconds from the clock that never jumps to that of the wall; the same for all spans of a call. */
  readonly offset: number;
}

class Span implements OpenSpan {
  readonly context: SpanContext;
  readonly baggage: Baggage;
  readonly offset: number;
  private readonly options: OwnInstrumentOptions;
  private readonly parts: SpanParts;
  private readonly begun: number;
  private readonly attributes: Map<string, AttributeValue> | undefined;
  private readonly events: SpanEvent[] = [];
  private dropped = 0;
  private failure: string | undefined;
  private hasEnded = false;

  constructor(options: OwnInstrumentOptions, parts: SpanParts) {
    this.options = options;
    this.parts = parts;
    this.context = parts.context;
    this.baggage = parts.baggage;
    this.offset = parts.offset;
    this.begun = performance.now();
    if (!parts.context.sampled) return;
    this.attributes = new Map();
    this.setAll(parts.start.attributes());
  }

  get traceId(): string {
    return this.context.traceId;
  }

  get spanId(): string {
    return this.context.spanId;
  }

  set(name: string, value: AttributeValue): void {
    const { attributes, options, hasEnded } = this;
    if (attributes === undefined || hasEnded) return;
    if (attributes.size >= options.limits.attributes && !attributes.has(name)) this.dropped += 1;
    else attributes.set(name, typeof value === 'string' ? this.cut(value) : value);
  }

  /** https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/ */
  fail(reason: unknown): void {
    if (this.attributes === undefined || this.hasEnded) return;
    if (typeof reason === 'string') {
      this.failure ??= reason;
      return;
    }
    const type = reason instanceof Error ? reason.name : typeof reason;
    const message = this.cut(messageOf(reason));
    this.set('error.type', type);
    const stack = reason instanceof Error ? this.cut(reason.stack ?? '') : '';
    const attributes = { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack };
    this.events.push({ name: 'exception', time: performance.now() + this.offset, attributes });
    this.failure ??= message;
  }

  end(): void {
    const { attributes, hasEnded, offset, begun } = this;
    if (hasEnded) return;
    this.hasEnded = true;
    if (attributes === undefined) return;
    const { context, parent, isRemote, start } = this.parts;
    this.options.export({
      context,
      parent,
      isRemote,
      name: start.name,
      kind: start.kind,
      start: begun + offset,
      end: performance.now() + offset,
      attributes,
      droppedAttributes: this.dropped,
      events: this.events,
      failure: this.failure,
    });
  }

  headers(): Readonly<Record<string, string>> {
    return this.options.propagation.inject(this.context, this.baggage);
  }

  private setAll(attributes: Attributes): void {
    for (const name in attributes) {
      const value = attributes[name];
      if (value !== undefined) this.set(name, value);
    }
  }

  private cut(text: string): string {
    const { length } = this.options.limits;
    return text.length > length ? text.slice(0, length) : text;
  }
}
