import type { SpanKind } from '../instrument.ts';
import type { Origin } from './otlp-message.ts';
import type { EndedSpan } from './span.ts';

const KINDS: Readonly<Record<SpanKind, string | undefined>> = {
  internal: undefined,
  server: 'SERVER',
  client: 'CLIENT',
  producer: 'PRODUCER',
  consumer: 'CONSUMER',
};

/**
 * Spans as Zipkin takes them: https://zipkin.io/zipkin-api/#/default/post_spans, with what OpenTelemetry says of the
 * translation: https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/
 */
export function zipkinSpans(spans: readonly EndedSpan[], { resource, scope }: Origin): unknown[] {
  const serviceName = String(resource['service.name'] ?? '');
  const common = { ...textsOf(Object.entries(resource)), 'otel.scope.name': scope.name };
  return spans.map((span) => ({
    traceId: span.context.traceId,
    id: span.context.spanId,
    parentId: span.parent?.spanId,
    name: span.name,
    kind: KINDS[span.kind],
    timestamp: microseconds(span.start),
    duration: Math.max(1, microseconds(span.end) - microseconds(span.start)),
    localEndpoint: { serviceName },
    annotations: span.events.map(({ time, name, attributes }) => ({
      timestamp: microseconds(time),
      value: JSON.stringify({ [name]: attributes }),
    })),
    tags: { ...common, ...textsOf(span.attributes), ...statusOf(span) },
  }));
}

function statusOf({ failure }: EndedSpan): Record<string, string> {
  return failure === undefined ? {} : { 'otel.status_code': 'ERROR', error: failure };
}

function textsOf(attributes: Iterable<readonly [string, unknown]>): Record<string, string> {
  return Object.fromEntries([...attributes].map(([name, value]) => [name, String(value)]));
}

function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
