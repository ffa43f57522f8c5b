import { isIP, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Agent, buildConnector } from 'undici';
import { Collector, type FunctionAnswer } from './collector.ts';
import type { OpenFunctionConf } from './conf.ts';

/** A call of a function. */
export interface FunctionCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | undefined;
  readonly signal: AbortSignal;
}

/** Calls the function of a route over connections of its own. */
export interface FunctionClient {
  call(call: FunctionCall): Promise<FunctionAnswer>;
  close(): Promise<void>;
}

/** A body up to this goes to the system at once; of what is longer each piece has its time. */
const PIECE = 64 * 1024;

/** Opens no connection yet. */
export function createFunctionClient(address: URL, conf: OpenFunctionConf): FunctionClient {
  const agent = new Agent(optionsOf(address, conf));
  let keeping = 0;
  return {
    async call(call) {
      // Calls beyond those whose connections are kept close theirs: none has to wait for another.
      if (!conf.keepalive || keeping === conf.keepalivePool) return dispatch(agent, address, call, conf, true);
      keeping += 1;
      try {
        return await dispatch(agent, address, call, conf, false);
      } finally {
        keeping -= 1;
      }
    },
    close: () => agent.close(),
  };
}

/** The times of undici are off: it looks at its clock about once a second. */
function optionsOf(address: URL, conf: OpenFunctionConf): Agent.Options {
  return {
    keepAliveTimeout: conf.keepaliveTimeout,
    keepAliveMaxTimeout: conf.keepaliveTimeout,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: connectorOf(address, conf),
  };
}

/** A certificate is that of the address, while undici takes the header Host for the name of the other side. */
function connectorOf(address: URL, { timeout, sslVerify }: OpenFunctionConf): buildConnector.connector {
  const connect = buildConnector({ timeout: 0, rejectUnauthorized: sslVerify });
  const servername = serverNameOf(address);
  return (options, callback) => {
    let timer: NodeJS.Timeout | undefined;
    const socket: unknown = connect({ ...options, servername }, (...result) => {
      clearTimeout(timer);
      callback(...result);
    });
    timer = setTimeout(() => destroy(socket, `Connect Timeout: no connection within ${timeout} ms`), timeout);
  };
}

/** The name that TLS tells the other side; empty for an address of IP, of which it tells nothing. */
function serverNameOf({ hostname }: URL): string {
  return isIP(hostname.replaceAll(/[[\]]/g, '')) === 0 ? hostname : '';
}

/** The types of undici do not say that a connector gives its socket. */
function destroy(socket: unknown, why: string): void {
  if (socket instanceof Socket) socket.destroy(new Error(why));
}

function dispatch(
  agent: Agent,
  address: URL,
  call: FunctionCall,
  { timeout }: OpenFunctionConf,
  reset: boolean,
): Promise<FunctionAnswer> {
  const { method, path, headers, body, signal } = call;
  const { promise, resolve, reject } = Promise.withResolvers<FunctionAnswer>();
  const collector = new Collector({ resolve, reject }, signal, timeout);
  const isLong = body !== undefined && body.length > PIECE;
  agent.dispatch(
    {
      origin: address.origin,
      method,
      path,
      reset,
      headers: isLong ? [...headers, 'content-length', String(body.length)] : headers,
      body: isLong ? Readable.from(piecesOf(body, collector), { highWaterMark: 1 }) : (body ?? null),
    },
    collector,
  );
  return promise;
}

/** The next piece is asked for when those before have gone. */
function* piecesOf(body: Buffer, collector: Collector): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE) {
    collector.goesOn();
    yield body.subarray(at, at + PIECE);
  }
}
