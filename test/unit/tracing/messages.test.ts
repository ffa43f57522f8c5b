import { join } from 'node:path';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { encodeTraces } from '../../../src/tracing/opentelemetry/otlp-message.ts';
import type { EndedSpan } from '../../../src/tracing/opentelemetry/span.ts';
import { zipkinSpans } from '../../../src/tracing/opentelemetry/zipkin-message.ts';
import { encodePing, encodeProperties, encodeSegment } from '../../../src/tracing/skywalking/segment-message.ts';
import { refTo, SPAN_LAYER, SPAN_TYPE } from '../../../src/tracing/skywalking/segment.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/tracing');

/** What protobufjs reads in a message. */
function read(file: string, type: string, bytes: Buffer): unknown {
  const root = protobuf.loadSync(join(FIXTURES, file));
  const found = root.lookupType(type);
  return found.toObject(found.decode(bytes), { longs: String, enums: String, bytes: String, oneofs: false });
}

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const ROOT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true, traceState: '' };
const SPAN: EndedSpan = {
  context: { ...ROOT, spanId: '00ad6b7169203300', traceState: 'k=v' },
  parent: ROOT,
  isRemote: true,
  name: 'grüße',
  kind: 'consumer',
  start: 1_700_000_000_123.456,
  end: 1_700_000_000_124,
  attributes: new Map<string, string | number | boolean>([
    ['text', 'x'],
    ['yes', true],
    ['no', false],
    ['int', 200],
    ['large', 2 ** 53 - 1],
    ['negative', -1],
    ['double', 0.5],
  ]),
  droppedAttributes: 2,
  events: [{ name: 'exception', time: 1_700_000_000_123.5, attributes: { 'exception.type': 'Error' } }],
  failure: 'why',
};
const ORIGIN = { resource: { 'service.name': 's', 'process.pid': 7 }, scope: { name: 'n', version: 'v' } };

test('spans are those of OTLP', () => {
  const bytes = encodeTraces([SPAN, { ...SPAN, parent: undefined, isRemote: false, failure: undefined }], ORIGIN);
  const { resourceSpans } = read('trace.proto', 'ExportTraceServiceRequest', bytes) as {
    resourceSpans: { resource: unknown; scopeSpans: { scope: unknown; spans: Record<string, unknown>[] }[] }[];
  };
  const [scopeSpans] = resourceSpans[0]?.scopeSpans ?? [];
  expect(resourceSpans[0]?.resource).toEqual({
    attributes: [
      { key: 'service.name', value: { stringValue: 's' } },
      { key: 'process.pid', value: { intValue: '7' } },
    ],
  });
  expect(scopeSpans?.scope).toEqual({ name: 'n', version: 'v' });
  expect(scopeSpans?.spans[0]).toEqual({
    traceId: base64(ROOT.traceId),
    spanId: base64(SPAN.context.spanId),
    parentSpanId: base64(ROOT.spanId),
    traceState: 'k=v',
    name: 'grüße',
    kind: 'SPAN_KIND_CONSUMER',
    flags: 0x301,
    startTimeUnixNano: '1700000000123456000',
    endTimeUnixNano: '1700000000124000000',
    attributes: [
      { key: 'text', value: { stringValue: 'x' } },
      { key: 'yes', value: { boolValue: true } },
      { key: 'no', value: { boolValue: false } },
      { key: 'int', value: { intValue: '200' } },
      { key: 'large', value: { intValue: String(2 ** 53 - 1) } },
      { key: 'negative', value: { doubleValue: -1 } },
      { key: 'double', value: { doubleValue: 0.5 } },
    ],
    droppedAttributesCount: 2,
    events: [
      {
        timeUnixNano: '1700000000123500000',
        name: 'exception',
        attributes: [{ key: 'exception.type', value: { stringValue: 'Error' } }],
      },
    ],
    status: { code: 'STATUS_CODE_ERROR', message: 'why' },
  });
  expect(scopeSpans?.spans[1]).toMatchObject({ flags: 0x101 });
  expect(scopeSpans?.spans[1]).not.toHaveProperty('status');
  expect(scopeSpans?.spans[1]).not.toHaveProperty('parentSpanId');
});

test('spans are those of Zipkin', () => {
  const [span] = zipkinSpans([SPAN], ORIGIN);
  expect(span).toEqual({
    traceId: ROOT.traceId,
    id: SPAN.context.spanId,
    parentId: ROOT.spanId,
    name: 'grüße',
    kind: 'CONSUMER',
    timestamp: 1_700_000_000_123_456,
    duration: 544,
    localEndpoint: { serviceName: 's' },
    annotations: [{ timestamp: 1_700_000_000_123_500, value: '{"exception":{"exception.type":"Error"}}' }],
    tags: expect.objectContaining({ int: '200', 'process.pid': '7', error: 'why', 'otel.status_code': 'ERROR' }),
  });
});

test('segments are those of SkyWalking', () => {
  const parent = {
    sampled: true,
    traceId: 't',
    segmentId: 'p',
    spanId: 3,
    service: 'a',
    instance: 'i',
    endpoint: '/',
    peer: 'b:80',
  };
  const span = {
    spanId: 0,
    parentId: -1,
    ref: refTo(parent, false),
    start: 1_700_000_000_123.6,
    end: 1_700_000_000_124,
    operation: 'hello',
    peer: '',
    type: SPAN_TYPE.entry,
    layer: SPAN_LAYER.faas,
    isError: true,
    tags: new Map([['k', 'v']]),
    logs: [{ time: 1_700_000_000_123, data: { event: 'error' } }],
  };
  const segment = {
    traceId: 't',
    segmentId: 's',
    spans: [span, { ...span, spanId: 1, ref: undefined, type: SPAN_TYPE.exit }],
  };
  const bytes = encodeSegment(segment, { service: 'svc', instance: 'one' });
  const seen = read('skywalking.proto', 'SegmentObject', bytes) as { spans: unknown[] };
  expect(seen).toMatchObject({ traceId: 't', traceSegmentId: 's', service: 'svc', serviceInstance: 'one' });
  expect(seen.spans[0]).toMatchObject({
    spanId: 0,
    parentSpanId: -1,
    startTime: '1700000000124',
    endTime: '1700000000124',
    refs: [
      {
        refType: 'CrossProcess',
        traceId: 't',
        parentTraceSegmentId: 'p',
        parentSpanId: 3,
        parentService: 'a',
        parentServiceInstance: 'i',
        parentEndpoint: '/',
        networkAddressUsedAtPeer: 'b:80',
      },
    ],
    operationName: 'hello',
    spanType: 'Entry',
    spanLayer: 'FAAS',
    componentId: 5013,
    isError: true,
    tags: [{ key: 'k', value: 'v' }],
    logs: [{ time: '1700000000123', data: [{ key: 'event', value: 'error' }] }],
  });
  expect(seen.spans[1]).toMatchObject({ spanId: 1, spanType: 'Exit' });
});

test('who reports to SkyWalking says so', () => {
  const reporter = { service: 'svc', instance: 'one' };
  const properties = encodeProperties(reporter, { language: 'NodeJS' });
  const same = { service: 'svc', serviceInstance: 'one', layer: 'FAAS' };
  expect(read('skywalking.proto', 'InstanceProperties', properties)).toEqual({
    ...same,
    properties: [{ key: 'language', value: 'NodeJS' }],
  });
  expect(read('skywalking.proto', 'InstancePingPkg', encodePing(reporter))).toEqual(same);
});
