import { Writer } from '../../framework/grpc/writer.ts';
import type { AttributeValue, SpanKind } from '../instrument.ts';
import type { EndedSpan, SpanEvent } from './span.ts';

/** Who made the spans. */
export interface Origin {
  /** https://opentelemetry.io/docs/specs/semconv/resource/ */
  readonly resource: Readonly<Record<string, AttributeValue>>;
  /** The library that made them, and its version. */
  readonly scope: { readonly name: string; readonly version: string };
}

const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const STATUS_ERROR = 2;
/** That it is known whether the parent is remote, and that it is. */
const HAS_REMOTE_FLAG = 0x100;
const IS_REMOTE = 0x200;

/**
 * Writes an ExportTraceServiceRequest:
 * https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto
 */
export function encodeTraces(spans: readonly EndedSpan[], origin: Origin): Buffer {
  const writer = new Writer();
  writer.message(0o12, writeResourceSpans, { spans, origin });
  return writer.finish();
}

type Traces = { readonly spans: readonly EndedSpan[]; readonly origin: Origin };

function writeResourceSpans(writer: Writer, traces: Traces): void {
  writer.message(0o12, writeResource, traces.origin.resource);
  writer.message(0o22, writeScopeSpans, traces);
}

function writeResource(writer: Writer, resource: Origin['resource']): void {
  for (const entry of Object.entries(resource)) writer.message(0o12, writeAttribute, entry);
}

function writeScopeSpans(writer: Writer, { spans, origin }: Traces): void {
  writer.message(0o12, writeScope, origin.scope);
  for (const span of spans) writer.message(0o22, writeSpan, span);
}

function writeScope(writer: Writer, { name, version }: Origin['scope']): void {
  writer.string(0o12, name);
  writer.string(0o22, version);
}

function writeSpan(writer: Writer, span: EndedSpan): void {
  const { context, parent, droppedAttributes } = span;
  writer.bytes(0o12, Buffer.from(context.traceId, 'hex'));
  writer.bytes(0o22, Buffer.from(context.spanId, 'hex'));
  if (context.traceState !== '') writer.string(0o32, context.traceState);
  if (parent !== undefined) writer.bytes(0o42, Buffer.from(parent.spanId, 'hex'));
  writer.string(0o52, span.name);
  writer.int32(0o60, KINDS[span.kind]);
  writer.fixed64(0o71, nanoseconds(span.start));
  writer.fixed64(0o101, nanoseconds(span.end));
  for (const entry of span.attributes) writer.message(0o112, writeAttribute, entry);
  if (droppedAttributes > 0) writer.int32(0o120, droppedAttributes);
  for (const event of span.events) writer.message(0o132, writeEvent, event);
  if (span.failure !== undefined) writer.message(0o172, writeStatus, span.failure);
  writer.fixed32(0o205, 1 | HAS_REMOTE_FLAG | (span.isRemote ? IS_REMOTE : 0));
}

function writeEvent(writer: Writer, { time, name, attributes }: SpanEvent): void {
  writer.fixed64(0o11, nanoseconds(time));
  writer.string(0o22, name);
  for (const entry of Object.entries(attributes)) writer.message(0o32, writeAttribute, entry);
}

function writeStatus(writer: Writer, message: string): void {
  writer.string(0o22, message);
  writer.int32(0o30, STATUS_ERROR);
}

function writeAttribute(writer: Writer, [key, value]: readonly [string, AttributeValue]): void {
  writer.string(0o12, key);
  writer.message(0o22, writeValue, value);
}

function writeValue(writer: Writer, value: AttributeValue): void {
  if (typeof value === 'string') writer.string(0o12, value);
  else if (typeof value === 'boolean') writer.bool(0o20, value);
  else if (Number.isSafeInteger(value) && value >= 0) writer.int64(0o30, value);
  else writer.double(0o41, value);
}

/** To the microsecond: a double holds no more. */
function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000)) * 1000n;
}
