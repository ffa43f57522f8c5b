import type { ClientHttp2Session } from 'node:http2';
import { loadHttp2 } from '../framework/builtin.ts';
import { callStreaming } from '../framework/grpc/call-unary.ts';
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

/** Codes after which a connection is given up. */
const DEAD = new Set<number>([GRPC_STATUS.DEADLINE_EXCEEDED, GRPC_STATUS.UNAVAILABLE]);

/** Calls a method of a collector by its path, with one message or several. */
export type GrpcCaller = (path: string, messages: readonly Uint8Array[]) => Promise<Attempt>;

/** Makes it; the connection is opened when it is needed. */
export function grpcCaller(target: Target): GrpcCaller {
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
    const opened = loadHttp2().connect(authority, target.certificates);
    // Calls fail with it, and tell.
    opened.on('error', () => {}).on('goaway', () => opened.close());
    opened.unref();
    open = opened;
    return opened;
  };
  return async (path, messages) => {
    const sent = gzip ? await Promise.all(messages.map(compress)) : messages;
    const used = session();
    const { status, statusMessage } = await callStreaming(used, path, sent, headers);
    // A connection that died without a word would take all further calls as well.
    if (DEAD.has(status)) used.destroy();
    if (status === GRPC_STATUS.OK) return { failure: undefined, mayRepeat: false };
    return { failure: `${url.host} answered ${status}: ${statusMessage}`, mayRepeat: RETRYABLE.has(status) };
  };
}

/** Names of HTTP/2. */
function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
