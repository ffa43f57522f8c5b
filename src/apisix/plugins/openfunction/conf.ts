import { Fields } from '../../conf/fields.ts';

/** The value of the plugin in a route, as APISIX's own plugin has it, and what this one has beside. */
export interface OpenFunctionConf {
  /** Where the function is; undefined for what is no address of HTTP, with which every call fails. */
  readonly address: URL | undefined;
  readonly sslVerify: boolean;
  /** The value of the header Authorization; undefined where the client's own is passed on. */
  readonly authorization: string | undefined;
  /** Milliseconds for each step: to connect, until the headers, and between two pieces of the body. */
  readonly timeout: number;
  readonly keepalive: boolean;
  /** Milliseconds that a connection may be idle. */
  readonly keepaliveTimeout: number;
  /** How many idle connections are kept. */
  readonly keepalivePool: number;
  /** Bytes that the body of a request may have. */
  readonly maxRequestBody: number;
  /** The part of the path that belongs to the route; without it APISIX is asked what its `*` stands for. */
  readonly pathPrefix: string | undefined;
  /** The header Host; that of the address without its port when it is left out. */
  readonly hostHeader: string | undefined;
  /** Path and query exactly as APISIX's plugin makes them. */
  readonly isStrict: boolean;
}

/** Timers of more milliseconds, about 25 days, end at once: https://nodejs.org/api/timers.html */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Reads it; OFN-APISIX-CONF in the words of APISIX. */
export function readConf(value: string): OpenFunctionConf {
  const fields = Fields.read(value);
  const uri = fields.requiredText('function_uri');
  const token = fields.fields('authorization').text('service_token');
  return {
    address: addressOf(uri),
    sslVerify: fields.boolean('ssl_verify') ?? true,
    authorization: token === undefined ? undefined : `Basic ${Buffer.from(token).toString('base64')}`,
    timeout: Math.min(fields.integer('timeout', { least: 100 }) ?? 3000, LONGEST_TIMER),
    keepalive: fields.boolean('keepalive') ?? true,
    keepaliveTimeout: Math.min(fields.integer('keepalive_timeout', { least: 1000 }) ?? 60_000, LONGEST_TIMER),
    keepalivePool: fields.integer('keepalive_pool', { least: 1 }) ?? 5,
    maxRequestBody: fields.integer('max_req_body_size', { least: 1 }) ?? 64 * 1024 * 1024,
    pathPrefix: fields.path('path_prefix')?.replace(/\/+$/, ''),
    hostHeader: fields.text('host_header'),
    isStrict: fields.boolean('strict_apisix') ?? false,
  };
}

function addressOf(uri: string): URL | undefined {
  const address = URL.parse(uri);
  return address?.protocol === 'http:' || address?.protocol === 'https:' ? address : undefined;
}
