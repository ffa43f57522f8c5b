import { watch } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { placeOfCollector } from '../../scripts/otelcol.ts';
import { ownPort } from './own-port.ts';
import { end, provided, startServer } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** A span as a collector has understood it. */
export interface CollectedSpan {
  readonly service: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly milliseconds: number;
}

/** An OpenTelemetry collector, and what it has received. */
export interface Collector {
  /** Addresses, `host:port`. */
  readonly otlpHttp: string;
  readonly otlpGrpc: string;
  readonly zipkin: string;
  readonly skywalking: string;
  /** Waits until it has received spans of these names, of one trace or of any, and gives all that it has received of it. */
  spans(names: readonly string[], traceId?: string): Promise<readonly CollectedSpan[]>;
  stop(): Promise<void>;
}

/** Starts a collector that is gone when the test ends. */
export async function startCollector(): Promise<Collector> {
  const program = provided('otelcol', await placeOfCollector());
  const ports = await Promise.all([ownPort(), ownPort(), ownPort(), ownPort()]);
  const [otlpHttp, otlpGrpc, zipkin, skywalking] = ports.map((port) => `127.0.0.1:${port}`);
  const folder = makeFolder({ 'spans.jsonl': '' });
  const file = join(folder, 'spans.jsonl');
  const configuration = {
    receivers: {
      otlp: { protocols: { http: { endpoint: otlpHttp }, grpc: { endpoint: otlpGrpc } } },
      zipkin: { endpoint: zipkin },
      skywalking: { protocols: { grpc: { endpoint: skywalking } } },
    },
    exporters: { file: { path: file, flush_interval: '50ms' } },
    service: {
      pipelines: { traces: { receivers: ['otlp', 'zipkin', 'skywalking'], exporters: ['file'] } },
      telemetry: { metrics: { level: 'none' } },
    },
  };
  const config = join(folder, 'config.yaml');
  await writeFile(config, JSON.stringify(configuration));
  const child = await startServer(program, [`--config=file:${config}`], 'Everything is ready');
  return {
    otlpHttp: otlpHttp ?? '',
    otlpGrpc: otlpGrpc ?? '',
    zipkin: zipkin ?? '',
    skywalking: skywalking ?? '',
    spans: (names, traceId) => spansOf(file, names, traceId),
    stop: () => end(child, 'SIGTERM'),
  };
}

/** Reads the file each time that it grows. */
async function spansOf(
  file: string,
  names: readonly string[],
  traceId: string | undefined,
): Promise<readonly CollectedSpan[]> {
  const { promise, resolve } = Promise.withResolvers<readonly CollectedSpan[]>();
  const look = async (): Promise<void> => {
    const text = await readFile(file, 'utf8');
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    const all = lines.filter((line) => line !== '').flatMap(spansOfLine);
    const spans = all.filter((span) => traceId === undefined || span.traceId === traceId);
    const missing = [...names];
    for (const { name } of spans) if (missing.includes(name)) missing.splice(missing.indexOf(name), 1);
    if (missing.length === 0) resolve(spans);
  };
  const watcher = watch(file, () => void look());
  onTestFinished(() => watcher.close());
  await look();
  return promise.finally(() => watcher.close());
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface RawSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly Attribute[] }[];
  readonly status?: { readonly code?: number; readonly message?: string };
}

interface RawTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes?: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
  }[];
}

/** OTLP in JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
function spansOfLine(line: string): CollectedSpan[] {
  const { resourceSpans } = JSON.parse(line) as RawTraces;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const attributes = tableOf(resource.attributes);
    const service = String(attributes['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => collected(span, service, attributes)));
  });
}

function collected(span: RawSpan, service: string, resource: Readonly<Record<string, unknown>>): CollectedSpan {
  const { traceId, spanId, parentSpanId = '', name, kind = 0, events = [], status = {} } = span;
  const nanoseconds = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
  return {
    service,
    resource,
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    status,
    attributes: tableOf(span.attributes),
    events: events.map((event) => ({ name: event.name, attributes: tableOf(event.attributes) })),
    milliseconds: Number(nanoseconds) / 1e6,
  };
}

function tableOf(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** The names of spans, each with its service and those of the spans above it. */
export function roadsOf(spans: readonly CollectedSpan[]): string[] {
  const roadOf = ({ service, name, parentSpanId }: CollectedSpan): string => {
    const parent = spans.find(({ spanId }) => spanId === parentSpanId);
    return `${parent === undefined ? '' : `${roadOf(parent)} > `}${service}: ${name}`;
  };
  return spans.map(roadOf).toSorted();
}
