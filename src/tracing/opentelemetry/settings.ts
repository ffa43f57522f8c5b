import {
  misused,
  parseOneOf,
  parsePairs,
  parsePatience,
  parseRatio,
  parseTrue,
  parseUrl,
  parseWhole,
  type Rows,
} from '../parse.ts';
import { PROPAGATORS, type Propagator } from './propagation.ts';
import { SAMPLERS, type SamplerName } from './sampler.ts';

/** What the environment says of OpenTelemetry: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export interface OtelSettings {
  readonly disabled: boolean;
  readonly serviceName: string | undefined;
  readonly resource: Readonly<Record<string, string>>;
  readonly exporter: ExporterName | undefined;
  readonly protocol: OtlpProtocol | undefined;
  /** As it is. */
  readonly tracesEndpoint: URL | undefined;
  /** Where the paths of all signals begin. */
  readonly endpoint: URL | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: Compression;
  readonly timeout: number;
  readonly certificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly zipkinEndpoint: URL;
  readonly zipkinTimeout: number;
  readonly sampler: SamplerName;
  readonly samplerArgument: number;
  readonly propagators: readonly Propagator[];
  readonly delay: number;
  readonly queue: number;
  readonly batch: number;
  readonly attributes: number;
  readonly length: number;
}

export const EXPORTERS = ['otlp', 'jaeger', 'zipkin', 'none'] as const;
export type ExporterName = (typeof EXPORTERS)[number];

/** What asks for JSON gets Protocol Buffers, which every collector takes. */
export const PROTOCOLS = ['grpc', 'http/protobuf', 'http', 'http/json'] as const;
export type OtlpProtocol = (typeof PROTOCOLS)[number];

export const COMPRESSIONS = ['none', 'gzip'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

const asIs = (raw: string): string => raw;

/** Every variable: a row each. */
export const OTEL_SETTINGS: Rows<OtelSettings> = {
  disabled: {
    variables: ['OTEL_SDK_DISABLED'],
    help: 'true: nothing is traced (default: false).',
    fallback: false,
    parse: parseTrue,
  },
  serviceName: {
    variables: ['OTEL_SERVICE_NAME'],
    help: 'The name of the service (default: that of the function).',
    fallback: undefined,
    parse: asIs,
  },
  resource: {
    variables: ['OTEL_RESOURCE_ATTRIBUTES'],
    help: 'More attributes of the resource, `k=v,k2=v2` (default: none).',
    fallback: {},
    parse: parsePairs,
  },
  exporter: {
    variables: ['OTEL_TRACES_EXPORTER'],
    help: 'otlp, jaeger (which takes OTLP), zipkin, or none (default: otlp).',
    fallback: undefined,
    parse: parseOneOf(EXPORTERS),
  },
  protocol: {
    variables: ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    help: 'grpc or http/protobuf, which http/json gets too (default: http/protobuf).',
    fallback: undefined,
    parse: parseOneOf(PROTOCOLS),
  },
  tracesEndpoint: {
    variables: ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
    help: 'The URL that spans go to, as it is (default: see the next).',
    fallback: undefined,
    parse: parseUrl,
  },
  endpoint: {
    variables: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
    help: 'The URL of the collector; /v1/traces is added for HTTP (default: http://localhost:4318, for grpc :4317).',
    fallback: undefined,
    parse: parseUrl,
  },
  headers: {
    variables: ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'],
    help: 'Headers for the collector, `k=v,k2=v2` (default: none).',
    fallback: {},
    parse: parsePairs,
  },
  compression: {
    variables: ['OTEL_EXPORTER_OTLP_TRACES_COMPRESSION', 'OTEL_EXPORTER_OTLP_COMPRESSION'],
    help: 'gzip or none (default: none).',
    fallback: 'none',
    parse: parseOneOf(COMPRESSIONS),
  },
  timeout: {
    variables: ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'],
    help: 'Milliseconds that the collector has for an answer, 0 for any (default: 10000).',
    fallback: 10_000,
    parse: parsePatience,
  },
  certificate: {
    variables: ['OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE', 'OTEL_EXPORTER_OTLP_CERTIFICATE'],
    help: 'A file with the certificate that is to be trusted, in PEM (default: those of Node.js).',
    fallback: undefined,
    parse: asIs,
  },
  clientKey: {
    variables: ['OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY', 'OTEL_EXPORTER_OTLP_CLIENT_KEY'],
    help: 'A file with the key of the next, in PEM (default: none).',
    fallback: undefined,
    parse: asIs,
  },
  clientCertificate: {
    variables: ['OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE', 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'],
    help: 'A file with the certificate of the client, in PEM (default: none).',
    fallback: undefined,
    parse: asIs,
  },
  zipkinEndpoint: {
    variables: ['OTEL_EXPORTER_ZIPKIN_ENDPOINT'],
    help: 'The URL of Zipkin (default: http://localhost:9411/api/v2/spans).',
    fallback: new URL('http://localhost:9411/api/v2/spans'),
    parse: parseUrl,
  },
  zipkinTimeout: {
    variables: ['OTEL_EXPORTER_ZIPKIN_TIMEOUT'],
    help: 'Milliseconds that Zipkin has for an answer, 0 for any (default: 10000).',
    fallback: 10_000,
    parse: parsePatience,
  },
  sampler: {
    variables: ['OTEL_TRACES_SAMPLER'],
    help: `${SAMPLERS.join(', ')} (default: parentbased_always_on).`,
    fallback: 'parentbased_always_on',
    parse: parseOneOf(SAMPLERS),
  },
  samplerArgument: {
    variables: ['OTEL_TRACES_SAMPLER_ARG'],
    help: 'The share of traces that the samplers of a ratio record, from 0 to 1 (default: 1).',
    fallback: 1,
    parse: parseRatio,
  },
  propagators: {
    variables: ['OTEL_PROPAGATORS'],
    help: `Some of ${PROPAGATORS.join(', ')}, with commas between (default: tracecontext,baggage).`,
    fallback: ['tracecontext', 'baggage'],
    parse: parsePropagators,
  },
  delay: {
    variables: ['OTEL_BSP_SCHEDULE_DELAY'],
    help: 'Milliseconds that spans wait for others to be sent with (default: 5000).',
    fallback: 5000,
    parse: parseWhole,
  },
  queue: {
    variables: ['OTEL_BSP_MAX_QUEUE_SIZE'],
    help: 'Spans that may wait; those beyond are lost (default: 2048).',
    fallback: 2048,
    parse: parsePositive,
  },
  batch: {
    variables: ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE'],
    help: 'Spans that are sent at once (default: 512).',
    fallback: 512,
    parse: parsePositive,
  },
  attributes: {
    variables: ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
    help: 'The attributes that a span may have (default: 128).',
    fallback: 128,
    parse: parseWhole,
  },
  length: {
    variables: ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'],
    help: 'The characters that an attribute may have (default: any number).',
    fallback: Number.POSITIVE_INFINITY,
    parse: parseWhole,
  },
};

function parsePositive(raw: string, source: string): number {
  const number = parseWhole(raw, source);
  if (number > 0) return number;
  throw misused(source, raw, 'is not positive');
}

function parsePropagators(raw: string, source: string): readonly Propagator[] {
  const parse = parseOneOf(PROPAGATORS);
  const names = raw.split(',').map((name) => parse(name, source));
  return names.includes('none') ? [] : names;
}
