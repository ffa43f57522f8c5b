import { describeThrown, messageOf } from '../../base/error.ts';
import { asyncHooks, loadCrypto } from '../../framework/builtin.ts';
import type { AttributeValue, Instrument, OpenSpan, SpanKind, SpanStart } from '../instrument.ts';
import { refTo, SPAN_TYPE, type EndedSegment, type SegmentLog, type SegmentRef, type SegmentSpan } from './segment.ts';
import { LAYERS, tagOf } from './names.ts';
import type { Reporter } from './segment-message.ts';
import { formatCorrelation, formatSw8, parseCorrelation, parseSw8, type Correlation, type Sw8 } from './sw8.ts';

/** What an instrument is made of. */
export interface SkyInstrumentOptions {
  readonly reporter: Reporter;
  readonly correlation: Correlation;
  /** Takes segments that have ended; must be quick. */
  readonly export: (segment: EndedSegment) => void;
  readonly flush: () => Promise<void>;
}

/** Makes spans of SkyWalking without its agent. */
export function skyInstrument(options: SkyInstrumentOptions): Instrument {
  const running = new asyncHooks.AsyncLocalStorage<OpenSpan>();
  return {
    begin(start) {
      const outer = running.getStore();
      const above = outer instanceof SkySpan && start.carrier === undefined ? outer : undefined;
      if (above !== undefined && !above.segment.isClosed) return new SkySpan(options, above.segment, start, above);
      return new SkySpan(options, new Segment(options, start, above), start, undefined);
    },
    within: (span, act) => running.run(span, act),
    current: () => running.getStore(),
    flush: () => options.flush(),
  };
}

/** The spans of a call; handed on when the last of them has ended. */
class Segment {
  readonly segmentId = newId();
  readonly traceId: string;
  readonly sampled: boolean;
  readonly ref: SegmentRef | undefined;
  readonly correlation: Correlation;
  /** The operation that others see as their parent's. */
  readonly endpoint: string;
  readonly offset: number = Date.now() - performance.now();
  isClosed = false;
  private readonly options: SkyInstrumentOptions;
  private readonly ended: SegmentSpan[] = [];
  private count = 0;
  private open = 0;

  constructor(options: SkyInstrumentOptions, { carrier, name }: SpanStart, above: SkySpan | undefined) {
    const parent: Sw8 | undefined = above?.context('') ?? parseSw8(carrier?.('sw8'));
    const correlation = above?.segment.correlation ?? (carrier === undefined ? {} : parseCorrelation(carrier));
    this.options = options;
    this.traceId = parent?.traceId ?? newId();
    this.sampled = parent?.sampled ?? true;
    this.ref = parent && refTo(parent, above !== undefined);
    this.correlation = { ...correlation, ...options.correlation };
    this.endpoint = name;
  }

  begin(): number {
    this.open += 1;
    return this.count++;
  }

  end(span: SegmentSpan): void {
    this.ended.push(span);
    this.open -= 1;
    if (this.open > 0) return;
    this.isClosed = true;
    const { traceId, segmentId, ended } = this;
    if (this.sampled) this.options.export({ traceId, segmentId, spans: ended.toSorted((a, b) => a.spanId - b.spanId) });
  }
}

const TYPES: Readonly<Record<SpanKind, number>> = {
  server: SPAN_TYPE.entry,
  consumer: SPAN_TYPE.entry,
  client: SPAN_TYPE.exit,
  producer: SPAN_TYPE.exit,
  internal: SPAN_TYPE.local,
};
class SkySpan implements OpenSpan {
  readonly segment: Segment;
  private readonly options: SkyInstrumentOptions;
  private readonly start: SpanStart;
  private readonly id: number;
  private readonly parentId: number;
  private readonly begun: number = performance.now();
  private readonly tags = new Map<string, string>();
  private readonly logs: SegmentLog[] = [];
  private isError = false;
  private hasEnded = false;

  constructor(options: SkyInstrumentOptions, segment: Segment, start: SpanStart, above: SkySpan | undefined) {
    this.options = options;
    this.segment = segment;
    this.start = start;
    this.id = segment.begin();
    this.parentId = above?.id ?? -1;
    if (!segment.sampled) return;
    for (const [name, value] of Object.entries(start.attributes())) if (value !== undefined) this.set(name, value);
  }

  get traceId(): string {
    return this.segment.traceId;
  }

  get spanId(): string {
    return `${this.segment.segmentId}-${this.id}`;
  }

  set(name: string, value: AttributeValue): void {
    this.tags.set(tagOf(name), String(value));
  }

  fail(reason: unknown): void {
    this.isError = true;
    if (typeof reason === 'string') return;
    const kind = reason instanceof Error ? reason.name : typeof reason;
    const data = { event: 'error', 'error.kind': kind, message: messageOf(reason), stack: describeThrown(reason) };
    this.logs.push({ time: performance.now() + this.segment.offset, data });
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const { segment, start, id: spanId, parentId, tags, logs, isError, begun } = this;
    segment.end({
      spanId,
      parentId,
      ref: spanId === 0 ? segment.ref : undefined,
      start: begun + segment.offset,
      end: performance.now() + segment.offset,
      operation: start.name,
      peer: start.peer ?? '',
      type: TYPES[start.kind],
      layer: LAYERS[start.kind],
      isError,
      tags,
      logs,
    });
  }

  headers(): Readonly<Record<string, string>> {
    const sw8 = formatSw8(this.context(this.start.peer ?? ''));
    const correlation = formatCorrelation(this.segment.correlation);
    return correlation === '' ? { sw8 } : { sw8, 'sw8-correlation': correlation };
  }

  /** What it is to those who go on from it. */
  context(peer: string): Sw8 {
    const { traceId, segmentId, sampled, endpoint } = this.segment;
    return { sampled, traceId, segmentId, spanId: this.id, ...this.options.reporter, endpoint, peer };
  }
}

function newId(): string {
  return loadCrypto().randomUUID().replaceAll('-', '');
}
