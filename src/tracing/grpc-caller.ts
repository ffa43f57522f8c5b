import type { ClientHttp2Session } from 'node:http2';
import { loadHttp2 } from '../framework/builtin.ts';
import { callUnary } from '../framework/grpc/call-unary.ts';
import { GRPC_STATUS } from '../framework/grpc/status.ts';
import { compress } from './post.ts';
import type { Attempt } from './retry.ts';
import type { Target } from './target.ts';

/** Codes after which the same may be sent again: https://opentelemetry.io/docs/specs/otlp/#failures */
const RETRYABLE = new Set<number>([
  GRPC_STATUS.CANCELLED,
  GRPC_STATUS.DEADLINE_EXCEEDED,
  GRPC_STATUS.ABORTED,
  GRPC_STATUS.OUT_OF_RANGE,
  GRPC_STATUS.UNAVAILABLE,
  GRPC_STATUS.DATA_LOSS,
]);

/** Makes what calls methods of a collector by their paths, over one connection that is opened when it is needed. */
export function grpcCaller(target: Target): (path: string, message: Uint8Array) => Promise<Attempt> {
  const { url, gzip, timeout } = target;
  const isSecure = url.protocol === 'https:' || url.protocol === 'grpcs:';
  const authority = `${isSecure ? 'https' : 'http'}://${url.host}`;
  const headers = {
    ...lowered(target.headers),
    'grpc-timeout': `${Math.min(timeout, 99_999_999)}m`,
    ...(gzip ? { 'grpc-encoding': 'gzip' } : {}),
  };
  let open: ClientHttp2Session | undefined;
  const session = (): ClientHttp2Session => {
    if (open !== undefined && !open.closed && !open.destroyed) return open;
    open = loadHttp2().connect(authority, target.certificates);
    // Calls fail with it, and tell.
    open.on('error', () => {}).on('goaway', () => open?.close());
    open.unref();
    return open;
  };
  return async (path, message) => {
    const sent = gzip ? await compress(message) : message;
    const { status, statusMessage } = await callUnary(session(), path, sent, headers);
    if (status === GRPC_STATUS.OK) return { failure: undefined, mayRepeat: false };
    return { failure: `${url.host} answered ${status}: ${statusMessage}`, mayRepeat: RETRYABLE.has(status) };
  };
}

/** Names of HTTP/2. */
function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
