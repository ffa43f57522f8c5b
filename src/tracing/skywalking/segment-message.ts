import { Writer } from '../../framework/grpc/writer.ts';
import type { EndedSegment, SegmentLog, SegmentRef, SegmentSpan } from './segment.ts';

/** Who reports. */
export interface Reporter {
  readonly service: string;
  readonly instance: string;
}

/** OpenFunction: https://github.com/apache/skywalking/blob/master/oap-server/server-starter/src/main/resources/component-libraries.yml */
export const COMPONENT = 5013;
const LAYER = 'FAAS';

/**
 * Writes a SegmentObject:
 * https://github.com/apache/skywalking-data-collect-protocol/blob/master/language-agent/Tracing.proto
 */
export function encodeSegment(segment: EndedSegment, { service, instance }: Reporter): Buffer {
  const writer = new Writer();
  writer.string(0o12, segment.traceId);
  writer.string(0o22, segment.segmentId);
  for (const span of segment.spans) writer.message(0o32, writeSpan, span);
  writer.string(0o42, service);
  writer.string(0o52, instance);
  return writer.finish();
}

/**
 * Writes InstanceProperties:
 * https://github.com/apache/skywalking-data-collect-protocol/blob/master/management/Management.proto
 */
export function encodeProperties(
  { service, instance }: Reporter,
  properties: Readonly<Record<string, string>>,
): Buffer {
  const writer = new Writer();
  writer.string(0o12, service);
  writer.string(0o22, instance);
  for (const entry of Object.entries(properties)) writer.message(0o32, writePair, entry);
  writer.string(0o42, LAYER);
  return writer.finish();
}

/** Writes an InstancePingPkg. */
export function encodePing({ service, instance }: Reporter): Buffer {
  const writer = new Writer();
  writer.string(0o12, service);
  writer.string(0o22, instance);
  writer.string(0o32, LAYER);
  return writer.finish();
}

function writeSpan(writer: Writer, span: SegmentSpan): void {
  writer.int32(0o10, span.spanId);
  writer.int32(0o20, span.parentId);
  writer.int64(0o30, Math.round(span.start));
  writer.int64(0o40, Math.round(span.end));
  if (span.ref !== undefined) writer.message(0o52, writeRef, span.ref);
  writer.string(0o62, span.operation);
  writer.string(0o72, span.peer);
  writer.int32(0o100, span.type);
  writer.int32(0o110, span.layer);
  writer.int32(0o120, COMPONENT);
  writer.bool(0o130, span.isError);
  for (const tag of span.tags) writer.message(0o142, writePair, tag);
  for (const log of span.logs) writer.message(0o152, writeLog, log);
}

function writeRef(writer: Writer, { type, parent }: SegmentRef): void {
  writer.int32(0o10, type);
  writer.string(0o22, parent.traceId);
  writer.string(0o32, parent.segmentId);
  writer.int32(0o40, parent.spanId);
  writer.string(0o52, parent.service);
  writer.string(0o62, parent.instance);
  writer.string(0o72, parent.endpoint);
  writer.string(0o102, parent.peer);
}

function writeLog(writer: Writer, { time, data }: SegmentLog): void {
  writer.int64(0o10, Math.round(time));
  for (const entry of Object.entries(data)) writer.message(0o22, writePair, entry);
}

function writePair(writer: Writer, [key, value]: readonly [string, string]): void {
  writer.string(0o12, key);
  writer.string(0o22, value);
}
