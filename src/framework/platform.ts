import { resolveSetting, type Environment, type Setting } from '../base/setting.ts';
import { misused, parseSeconds } from './parse-option.ts';

/**
 * Where a function runs: what Dapr (https://docs.dapr.io/reference/environment/) and OpenFunction's controller tell it by
 * environment variables.
 */
export interface Platform {
  /** The host of the sidecar or of OpenFunction's proxy of one; undefined when nobody said. */
  readonly host: string | undefined;
  /** Numbers as text, as the context's `sidecarPort` has them. */
  readonly httpPort: string;
  readonly grpcPort: string;
  /** A URL for where neither host nor port is set. */
  readonly httpEndpoint: string | undefined;
  /** Goes with every call of the sidecar: https://docs.dapr.io/operations/security/api-token/ */
  readonly apiToken: string | undefined;
  /** Has to come with every callback: https://docs.dapr.io/operations/security/app-api-token/ */
  readonly appToken: string | undefined;
  /** Milliseconds that calls wait for a sidecar that does not answer yet. */
  readonly patience: number;
  /** Milliseconds that an answer of the sidecar may take; 0 for any. */
  readonly answerTimeout: number;
  /** What becomes of a message of a topic whose function throws. */
  readonly onError: 'RETRY' | 'DROP';
  readonly podName: string;
  readonly podNamespace: string;
  /** Outside of Kubernetes functions have no namespace. */
  readonly mode: 'kubernetes' | 'self-host';
}

const LOOPBACK = '127.0.0.1';
const DEFAULT_PORTS = { http: '3500', grpc: '50001' };

type Rows = { readonly [K in keyof Platform]: Setting<Platform[K]> };

/** Every variable of the runtime: a row each. */
export const PLATFORM_SETTINGS: Rows = {
  host: {
    variables: ['DAPR_HOST'],
    help: "The host of the sidecar, or of OpenFunction's proxy (default: 127.0.0.1).",
    fallback: undefined,
    parse: parseHost,
  },
  httpPort: {
    variables: ['DAPR_HTTP_PORT'],
    help: `The sidecar's HTTP port (default: ${DEFAULT_PORTS.http}).`,
    fallback: DEFAULT_PORTS.http,
    parse: parsePort,
  },
  grpcPort: {
    variables: ['DAPR_GRPC_PORT'],
    help: `The sidecar's gRPC port, given to functions as \`ctx.sidecarPort.GRPC\` (default: ${DEFAULT_PORTS.grpc}).`,
    fallback: DEFAULT_PORTS.grpc,
    parse: parsePort,
  },
  httpEndpoint: {
    variables: ['DAPR_HTTP_ENDPOINT'],
    help: 'The URL of the sidecar, where neither DAPR_HOST nor DAPR_HTTP_PORT is set (default: none).',
    fallback: undefined,
    parse: parseEndpoint,
  },
  apiToken: {
    variables: ['DAPR_API_TOKEN'],
    help: 'Sent with every call of the sidecar as `dapr-api-token` (default: none).',
    fallback: undefined,
    parse: (raw) => raw,
  },
  appToken: {
    variables: ['APP_API_TOKEN'],
    help: 'Callbacks without this `dapr-api-token` are refused (default: none).',
    fallback: undefined,
    parse: (raw) => raw,
  },
  patience: {
    variables: ['DAPR_HEALTH_TIMEOUT'],
    help: 'Seconds that sends wait for a sidecar that does not answer yet (default: 60).',
    fallback: 60_000,
    parse: parseSeconds(60),
  },
  answerTimeout: {
    variables: ['DAPR_API_TIMEOUT_SECONDS'],
    help: 'Seconds that an answer of the sidecar may take, 0 for any (default: 60).',
    fallback: 60_000,
    parse: parseSeconds(60),
  },
  onError: {
    variables: ['OPENFUNCTION_PUBSUB_ON_ERROR'],
    help: 'What becomes of a message of a topic whose function throws: retry or drop (default: retry).',
    fallback: 'RETRY',
    parse: parseOnError,
  },
  podName: {
    variables: ['POD_NAME'],
    help: 'Given to functions as `ctx.GetPodName()` and to traces (default: none).',
    fallback: '',
    parse: (raw) => raw,
  },
  podNamespace: {
    variables: ['POD_NAMESPACE'],
    help: 'Given to functions as `ctx.GetPodNamespace()` and to traces (default: none).',
    fallback: '',
    parse: (raw) => raw,
  },
  mode: {
    variables: ['CONTEXT_MODE'],
    help: 'kubernetes or self-host, given to functions as `ctx.GetMode()` (default: kubernetes).',
    fallback: 'kubernetes',
    parse: (raw) => (raw === 'self-host' ? raw : 'kubernetes'),
  },
};

/** Reads them; OFN-CONFIG when one has a value it can't have. */
export function readPlatform(env: Environment): Platform {
  const read = <K extends keyof Platform>(name: K): Platform[K] => {
    const row: Setting<Platform[K]> = PLATFORM_SETTINGS[name];
    return resolveSetting(row, { env }).value;
  };
  const { DAPR_HOST: host, DAPR_HTTP_PORT: port } = env;
  return {
    host: read('host'),
    httpPort: read('httpPort'),
    grpcPort: read('grpcPort'),
    httpEndpoint: host || port ? undefined : read('httpEndpoint'),
    apiToken: read('apiToken'),
    appToken: read('appToken'),
    patience: read('patience'),
    answerTimeout: read('answerTimeout'),
    onError: read('onError'),
    podName: read('podName'),
    podNamespace: read('podNamespace'),
    mode: read('mode'),
  };
}

/** Scheme, host and port of the sidecar's HTTP API. */
export function endpointOf({ host, httpPort, httpEndpoint }: Platform): URL {
  if (httpEndpoint !== undefined) return new URL(httpEndpoint);
  const url = urlOf(host ?? LOOPBACK);
  url.port = httpPort;
  return url;
}

/** Whether the sidecar is another machine's: OpenFunction's proxy, which looks at the status of answers alone. */
export function isStandalone({ host }: Pick<Platform, 'host'>): boolean {
  return host !== undefined && ![LOOPBACK, 'localhost', '[::1]'].includes(urlOf(host).hostname);
}

/** A name or an address, also behind a scheme, as Dapr's own SDK takes it. */
const HOST = /^(https?:\/\/)?(?:\[?([0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*)\]?|([\w.-]+))$/i;

function urlOf(host: string): URL {
  const [, scheme = 'http://', ipv6, name = ''] = HOST.exec(host) ?? [];
  return new URL(scheme + (ipv6 === undefined ? name : `[${ipv6}]`));
}

function parseHost(raw: string, source: string): string {
  try {
    urlOf(raw);
    return raw;
  } catch {
    throw misused(source, raw, 'is no host', 'for example 127.0.0.1, and the port in DAPR_HTTP_PORT');
  }
}

function parsePort(raw: string, source: string): string {
  if (/^\d{1,5}$/.test(raw) && Number(raw) >= 1 && Number(raw) <= 65_535) return raw;
  throw misused(source, raw, 'is no port', 'a number from 1 to 65535');
}

function parseEndpoint(raw: string, source: string): string {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return raw;
  throw misused(source, raw, 'is no URL of HTTP', 'for example http://127.0.0.1:3500');
}

function parseOnError(raw: string, source: string): 'RETRY' | 'DROP' {
  const value = raw.toUpperCase();
  if (value === 'RETRY' || value === 'DROP') return value;
  throw misused(source, raw, 'is neither retry nor drop', 'for example retry');
}
