import type * as Http from 'node:http';
import type * as Https from 'node:https';
import { FnError, messageOf } from '../../base/error.ts';
import { http } from '../builtin.ts';
import { endpointOf, type Platform } from '../platform.ts';

/** What goes to the sidecar. */
export interface SidecarCall {
  readonly method: string;
  /** With its first slash; names in it are escaped by the caller. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What came back, whatever its status. */
export interface SidecarAnswer {
  readonly status: number;
  readonly headers: Http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A pool of connections to the sidecar. */
export interface Sidecar {
  /** Rejects with OFN-DAPR-SIDECAR when none answers. */
  call(call: SidecarCall): Promise<SidecarAnswer>;
  /** Closes idle connections. */
  close(): void;
}

/** Answers once the sidecar can send, without waiting for the function: https://docs.dapr.io/reference/api/health_api/ */
const HEALTH = { method: 'GET', path: '/v1.0/healthz/outbound' };
/** Milliseconds between two looks at a sidecar that is not there yet; doubles up to the second. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 500;
/** Milliseconds that a look takes at least before it counts as no answer. */
const SHORTEST_LOOK = 100;

/**
 * Opens nothing by itself: a function starts without waiting for its sidecar. A call that finds nobody listening waits
 * until the sidecar is healthy, all such calls together, and is then made again. One whose idle connection turns out to
 * be closed is repeated once: the sidecar may have closed it before the call, or upon it.
 */
export function connectSidecar(platform: Platform): Sidecar {
  const endpoint = endpointOf(platform);
  const { request, agent } = clientOf(endpoint);
  const base = endpoint.pathname.replace(/\/$/, '');
  const common = { agent, host: endpoint.hostname.replaceAll(/^\[|\]$/g, ''), port: endpoint.port };
  const token = platform.apiToken === undefined ? {} : { 'dapr-api-token': platform.apiToken };

  const once = (
    { method, path, headers, body }: SidecarCall,
    timeout: number = platform.answerTimeout,
    pool: Http.Agent | false = agent,
  ): Promise<SidecarAnswer> => {
    const { promise, resolve, reject } = Promise.withResolvers<SidecarAnswer>();
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const all = { ...headers, ...token, ...length };
    const options = { ...common, agent: pool, method, path: base + path, headers: all };
    const req = request(options, (res) => collect(res, resolve, reject));
    req.on('error', (error) => reject(new CallFailure(error, req.reusedSocket)));
    if (timeout > 0) req.setTimeout(timeout, () => req.destroy(new Error(`no answer within ${timeout / 1000} s`)));
    req.end(body);
    return promise;
  };
  const healthy = async (left: number): Promise<boolean> => {
    try {
      const { status } = await once(HEALTH, Math.max(left, SHORTEST_LOOK));
      // Proxies and sidecars before Dapr 1.10 do not know the path; that they answer is enough.
      return status < 500;
    } catch {
      return false;
    }
  };
  const until = shared(() => waitFor(healthy, platform.patience));
  return {
    async call(call) {
      let repeated = false;
      for (let waited = false; ;) {
        try {
          // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
          return await once(call, undefined, repeated ? false : agent);
        } catch (error) {
          if (!(error instanceof CallFailure)) throw error;
          if (error.stale) {
            // Over a connection of its own: whatever happens to that has happened to this call.
            repeated = true;
            continue;
          }
          // oxlint-disable-next-line no-await-in-loop -- the same
          if (!error.unseen || waited || !(await until())) throw unreachable(endpoint, error);
          waited = true;
        }
      }
    },
    close: () => agent.destroy(),
  };
}

/** What connecting fails with while nobody listens. */
const UNSEEN = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** A call that got no answer. */
class CallFailure extends Error {
  /** The connection was an idle one that the other side had closed already. */
  readonly stale: boolean;
  /** There was no connection: nobody has seen the call. */
  readonly unseen: boolean;

  constructor(cause: Error, reusedSocket: boolean) {
    const code = 'code' in cause ? String(cause.code) : '';
    // A name with several addresses fails without a message.
    super(cause.message || code, { cause });
    this.stale = reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
    this.unseen = UNSEEN.has(code);
  }
}

function clientOf({ protocol }: URL): { readonly request: typeof Http.request; readonly agent: Http.Agent } {
  if (protocol === 'http:') return { request: http.request, agent: new http.Agent({ keepAlive: true }) };
  // oxlint-disable-next-line no-restricted-globals -- loads a part of Node.js that only sidecars behind TLS need
  const https: typeof Https = process.getBuiltinModule('node:https');
  return { request: https.request, agent: new https.Agent({ keepAlive: true }) };
}

function collect(
  res: Http.IncomingMessage,
  resolve: (answer: SidecarAnswer) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  res.on('data', (chunk: Buffer) => chunks.push(chunk));
  res.on('error', (error) => reject(new CallFailure(error, false)));
  res.on('end', () => {
    const [first] = chunks;
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    resolve({ status: res.statusCode ?? 0, headers: res.headers, body });
  });
}

/** Makes calls that come while one is under way share it. */
function shared<T>(act: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= act().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

async function waitFor(condition: (left: number) => Promise<boolean>, patience: number): Promise<boolean> {
  const deadline = performance.now() + patience;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    if (await condition(deadline - performance.now())) return true;
    const left = deadline - performance.now();
    if (left <= 0) return false;
    // oxlint-disable-next-line no-await-in-loop -- the same
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)));
  }
}

function unreachable({ origin }: URL, cause: unknown): FnError {
  return new FnError(`Couldn't reach the Dapr sidecar at ${origin}: ${messageOf(cause)}.`, {
    code: 'OFN-DAPR-SIDECAR',
    hint:
      cause instanceof CallFailure && !cause.unseen
        ? 'The sidecar may have got the call: look at its log. DAPR_API_TIMEOUT_SECONDS is how long an answer may take.'
        : 'Run the function beside daprd, or set DAPR_HOST and DAPR_HTTP_PORT to where it listens.',
    cause,
  });
}
