import type { TraceProvider } from '../../framework/context/types.ts';
import { parseDuration, parseOneOf, parsePairs, parseUrl } from '../parse.ts';
import { readCertificate, type Target } from '../target.ts';
import { COMPRESSIONS, EXPORTERS, PROTOCOLS, type ExporterName, type OtelSettings } from './settings.ts';

/** Who takes the spans; undefined when nobody does. */
export interface Destination {
  readonly kind: 'http' | 'grpc' | 'zipkin';
  readonly target: Target;
}

type Exporter = NonNullable<TraceProvider['exporter']>;

/** Where collectors listen for gRPC: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-default-port */
const GRPC_PORT = '4317';
const SOURCE = 'the exporter of the function context';

/** The function context leads, the environment says the rest; OFN-CONFIG when the context has something it can't have. */
export function destinationOf(
  exporter: Exporter | undefined,
  settings: OtelSettings,
  warn: (line: string) => void = () => {},
): Destination | undefined {
  const name: ExporterName =
    exporter?.name === undefined || exporter.name === ''
      ? (settings.exporter ?? 'otlp')
      : parseOneOf(EXPORTERS)(exporter.name, SOURCE);
  if (name === 'none') return undefined;
  if (name === 'zipkin') return zipkinOf(exporter, settings);
  const given = exporter?.endpoint ? parseUrl(exporter.endpoint, SOURCE) : undefined;
  const protocol = exporter?.protocol
    ? parseOneOf(PROTOCOLS)(exporter.protocol, SOURCE)
    : (settings.protocol ?? (given?.port === GRPC_PORT ? 'grpc' : 'http/protobuf'));
  if (protocol === 'http/json') {
    warn('Spans are not sent by the protocol http/json, but by http/protobuf. Name that to be rid of this line.');
  }
  const { endpoint, tracesEndpoint } = settings;
  const kind = protocol === 'grpc' ? 'grpc' : 'http';
  if (kind === 'grpc') {
    const url = given ?? tracesEndpoint ?? endpoint ?? new URL(`http://localhost:${GRPC_PORT}`);
    return { kind, target: targetOf(url, exporter, settings, settings.timeout) };
  }
  const path = '/v1/traces';
  const url = given
    ? withPath(given, path)
    : (tracesEndpoint ?? below(endpoint ?? new URL('http://localhost:4318'), path));
  return { kind, target: targetOf(url, exporter, settings, settings.timeout) };
}

function zipkinOf(exporter: Exporter | undefined, settings: OtelSettings): Destination {
  const given = exporter?.endpoint ? parseUrl(exporter.endpoint, SOURCE) : undefined;
  const url = given === undefined ? settings.zipkinEndpoint : withPath(given, '/api/v2/spans');
  // The variables of OTLP are not Zipkin's.
  const own = { ...settings, headers: {}, compression: 'none' } as const;
  return { kind: 'zipkin', target: targetOf(url, exporter, own, settings.zipkinTimeout) };
}

function targetOf(url: URL, exporter: Exporter | undefined, settings: OtelSettings, timeout: number): Target {
  const { headers, compression, timeout: wait } = exporter ?? {};
  return {
    url,
    headers: headers ? parsePairs(headers) : settings.headers,
    gzip: (compression ? parseOneOf(COMPRESSIONS)(compression, SOURCE) : settings.compression) === 'gzip',
    timeout: wait ? parseDuration(wait, SOURCE) : timeout,
    certificates: {
      ca: readCertificate(settings.certificate, 'OTEL_EXPORTER_OTLP_CERTIFICATE'),
      key: readCertificate(settings.clientKey, 'OTEL_EXPORTER_OTLP_CLIENT_KEY'),
      cert: readCertificate(settings.clientCertificate, 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'),
    },
  };
}

/** A path for URLs that have none of their own. */
function withPath(url: URL, path: string): URL {
  return url.pathname === '/' ? new URL(path, url) : url;
}

function below(url: URL, path: string): URL {
  return new URL(`${url.pathname.replace(/\/$/, '')}${path}`, url);
}
