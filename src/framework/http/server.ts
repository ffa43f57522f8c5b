import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FnError, messageOf } from '../../base/error.ts';
import { asyncHooks, http } from '../builtin.ts';
import { makeApp, makeHttp1Classes } from './classes.ts';
import { trackConnections, type Connections } from './connections.ts';
import type { Endpoint, UpgradeHandler } from './endpoint.ts';
import { createListener, type Interceptor } from './exchange.ts';
import { answerFailure, endWith, type FailurePolicy } from './failure.ts';
import type { Http2Side } from './h2c.ts';
import type { App, Request, Response } from './types.ts';

/** What to serve. */
export interface ServerOptions extends FailurePolicy {
  readonly route: (req: Request, res: Response) => Endpoint | undefined;
  readonly interceptors?: readonly Interceptor[];
  /** In bytes. */
  readonly bodyLimit: number;
  /** Takes over connections that ask to be upgraded, to WebSocket for example. */
  readonly upgrade?: UpgradeHandler | undefined;
}

/** A server of functions. */
export interface FunctionServer {
  /** For those who listen by themselves, such as tests. */
  readonly server: Server;
  /** Listens on a port, 0 for a free one, and an address, all of them when left out; gives the port. */
  listen(port: number, host?: string): Promise<number>;
  /** The response that the running code works on, however late; undefined outside any request. */
  readonly current: () => Response | undefined;
  /** Fails the request that threw outside its function's own promise; false when the error belongs to none. */
  blame(error: unknown): boolean;
  /** Answers what is in flight with 500 at once, for a process that is about to end. */
  abandon(text: string): void;
  readonly draining: boolean;
  /**
   * Stops accepting, lets requests in flight finish for `grace` milliseconds and closes what is left.
   * Gives whether all of them finished.
   */
  close(grace: number): Promise<boolean>;
}

/** Longer than the 90 s after which Knative's queue-proxy drops idle connections, so that it never meets a closed one. */
const KEEP_ALIVE_MS = 95_000;
const TIMEOUTS = { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: KEEP_ALIVE_MS + 1000, requestTimeout: 0 };
/** What Node's parser says of the HTTP/2 preface: https://www.rfc-editor.org/rfc/rfc9113#section-3.3 */
const HTTP2_PREFACE = 'HPE_PAUSED_H2_UPGRADE';

/**
 * Makes a server of HTTP/1.1, HTTP/2 without TLS and upgrades on one port. HTTP/2 is recognised by its preface and costs
 * nothing until the first client of it comes.
 */
export function createFunctionServer(options: ServerOptions): FunctionServer {
  const app = makeApp();
  const current = new asyncHooks.AsyncLocalStorage<Response>();
  const listener = createListener({ ...options, interceptors: options.interceptors ?? [], current });
  const server = http.createServer({ ...makeHttp1Classes(app), ...TIMEOUTS, noDelay: true });
  const connections = trackConnections(server);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the classes of this server have all the members
  server.on('request', ((req: Request, res: Response) => {
    connections.begin(res);
    listener(req, res);
  }) as never);
  const http2 = acceptHttp2(server, app, listener, connections);
  if (options.upgrade !== undefined) server.on('upgrade', guardUpgrade(options.upgrade, options, connections));
  return {
    server,
    listen: (port, host) => listen(server, port, host),
    current: () => current.getStore(),
    blame: (error) => {
      const res = current.getStore();
      if (res === undefined) return false;
      answerFailure(res, error, { status: 'crash' }, options);
      return true;
    },
    abandon: (text) => {
      for (const res of connections.inFlight()) endWith(res, 500, { status: 'crash' }, text);
    },
    get draining() {
      return connections.draining;
    },
    close: (grace) => {
      connections.drain();
      http2()?.drain();
      return close(server, grace, connections.destroy);
    },
  };
}

/** Hands connections that begin with HTTP/2's preface over to a server of that protocol, made for the first of them. */
function acceptHttp2(
  server: Server,
  app: App,
  listener: (req: Request, res: Response) => void,
  connections: Connections,
): () => Http2Side | undefined {
  let side: Http2Side | undefined;
  const accept = async (socket: Socket, head: Buffer): Promise<void> => {
    const { createHttp2Side } = await import('./h2c.ts');
    side ??= createHttp2Side(app, listener);
    side.accept(socket, head);
  };
  server.on('clientError', (error: Error & { code?: string; rawPacket?: Buffer }, socket: Socket) => {
    const { code, rawPacket } = error;
    if (code === HTTP2_PREFACE && rawPacket !== undefined) {
      socket.pause();
      connections.handOver(socket);
      void accept(socket, rawPacket);
    } else {
      refuse(socket, code);
    }
  });
  return () => side;
}

/** Answers what is not HTTP as Node.js does by itself. */
function refuse(socket: Socket, code: string | undefined): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW' ? 413 : timeoutOr400(code);
  socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
}

function timeoutOr400(code: string | undefined): 400 | 408 {
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

/** A handler that throws closes its connection and nothing else. */
function guardUpgrade(upgrade: UpgradeHandler, { log }: FailurePolicy, connections: Connections): UpgradeHandler {
  return (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    connections.handOver(req.socket);
    socket.on('error', () => socket.destroy());
    try {
      upgrade(req, socket, head);
    } catch (error) {
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      socket.end('HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\n');
    }
  };
}

/** OFN-PORT when the port is taken or not allowed. */
async function listen(server: Server, port: number, host?: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen({ port, host }, resolve);
  try {
    await promise;
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw new FnError(
      taken ? `Port ${port} is already in use.` : `Couldn't listen on port ${port}: ${messageOf(error)}.`,
      {
        code: 'OFN-PORT',
        hint: 'Set PORT (or --port) to a free port; ports below 1024 need privileges.',
        cause: error,
      },
    );
  }
  server.removeListener('error', reject);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has such an address
  return (server.address() as AddressInfo).port;
}

async function close(server: Server, grace: number, destroy: () => void): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    destroy();
    resolve(false);
  }, grace);
  server.close(() => resolve(true));
  const finished = await promise;
  clearTimeout(timer);
  return finished;
}
