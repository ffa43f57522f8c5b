import type * as Http from 'node:http';
import { http, loadHttps, loadZlib } from '../framework/builtin.ts';
import type { Attempt } from './retry.ts';
import { placeOf, type Target } from './target.ts';

/** Answers after which the same may be sent again: https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE = new Set([429, 502, 503, 504]);

/** Makes what posts bodies to a collector over connections that stay open. */
export function poster(target: Target, contentType: string): (body: Uint8Array) => Promise<Attempt> {
  const { url, gzip } = target;
  const isSecure = url.protocol === 'https:';
  const { request, Agent } = isSecure ? loadHttps() : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...target.certificates });
  const encoding = gzip ? { 'content-encoding': 'gzip' } : {};
  const headers = { ...target.headers, 'content-type': contentType, ...encoding };
  return async (body) => {
    const sent = gzip ? await compress(body) : body;
    const { promise, resolve } = Promise.withResolvers<Attempt>();
    const signal = AbortSignal.timeout(target.timeout);
    const req = request(url, {
      method: 'POST',
      agent,
      signal,
      headers: { ...headers, 'content-length': sent.length },
    });
    req.on('response', (res) => {
      // A body that breaks off is of no answer that counts.
      res.on('error', () => {}).resume();
      resolve(judge(res, url));
    });
    req.on('error', (error) => {
      const why = signal.aborted ? `no answer within ${target.timeout} ms` : error.message;
      resolve({ failure: `${placeOf(url)}: ${why}.`, mayRepeat: true });
    });
    req.end(sent);
    return promise;
  };
}

function judge({ statusCode = 0, headers }: Http.IncomingMessage, url: URL): Attempt {
  if (statusCode >= 200 && statusCode < 300) return { failure: undefined, mayRepeat: false };
  const seconds = Number.parseInt(headers['retry-after'] ?? '', 10);
  return {
    failure: `${placeOf(url)} answered ${statusCode}.`,
    mayRepeat: RETRYABLE.has(statusCode),
    after: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  };
}

/** Beside everything else, as the compression of Node.js is. */
export function compress(body: Uint8Array): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  loadZlib().gzip(body, (error, compressed) => (error === null ? resolve(compressed) : reject(error)));
  return promise;
}
