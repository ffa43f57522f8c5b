import type { AddressInfo, Socket } from 'node:net';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { FnError, messageOf } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { http } from './builtin.ts';
import type { HttpFunction } from './signature.ts';

/** What to serve and where. */
export interface ServerOptions {
  readonly handler: HttpFunction;
  /** 0 chooses a free port. */
  readonly port: number;
  /** An address to listen on; all of them when it is left out. */
  readonly host?: string;
  /** In production clients are not told what a function threw. */
  readonly production: boolean;
  readonly log: Log;
}

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  /**
   * Stops accepting, lets requests in flight finish for `grace` milliseconds and closes what is left.
   * Gives whether all of them finished.
   */
  close(grace: number): Promise<boolean>;
}

/** Longer than the 90 s after which Knative's queue-proxy drops idle connections, so that it never meets a closed one. */
const KEEP_ALIVE_MS = 95_000;
/** Browsers ask for these on their own; no function is called for them. */
const IGNORED = /^\/(?:favicon\.ico|robots\.txt)(?:[/?]|$)/;

/** Listens on a port and hands every request to the function; OFN-PORT when the port is taken or not allowed. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const inFlight = new Set<ServerResponse>();
  let draining = false;
  const server = http.createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: KEEP_ALIVE_MS + 1000, requestTimeout: 0, noDelay: true },
    (req, res) => {
      inFlight.add(res);
      res.on('close', () => {
        inFlight.delete(res);
        if (draining) server.closeIdleConnections();
      });
      if (draining) res.setHeader('connection', 'close');
      answer(req, res, options);
    },
  );
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  await listen(server, options);
  return {
    port: portOf(server),
    close: (grace) => {
      draining = true;
      for (const res of inFlight) if (!res.headersSent) res.setHeader('connection', 'close');
      // Node does not count a connection as idle before its first request, and would wait for it.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
      return close(server, grace);
    },
  };
}

function answer(req: IncomingMessage, res: ServerResponse, options: ServerOptions): void {
  if (req.url !== undefined && IGNORED.test(req.url)) {
    res.writeHead(404, { 'content-length': '0' }).end();
    return;
  }
  try {
    const result: unknown = options.handler(req, res);
    if (isThenable(result)) result.then(undefined, (error: unknown) => fail(res, error, options));
  } catch (error) {
    fail(res, error, options);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** The answer of a function that threw: the contract's 500, or an aborted response when one was under way. */
function fail(res: ServerResponse, error: unknown, { production, log }: ServerOptions): void {
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (res.writableEnded) return;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  for (const name of res.getHeaderNames()) if (name !== 'connection') res.removeHeader(name);
  res.statusCode = 500;
  res.setHeader('content-type', 'text/plain; charset=utf-8');
  res.setHeader('x-openfunction-status', 'crash');
  res.end(production ? 'Internal Server Error' : messageOf(error));
}

async function listen(server: Server, { port, host }: ServerOptions): Promise<void> {
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
}

function portOf(server: Server): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has such an address
  return (server.address() as AddressInfo).port;
}

async function close(server: Server, grace: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    server.closeAllConnections();
    resolve(false);
  }, grace);
  server.close(() => resolve(true));
  const finished = await promise;
  clearTimeout(timer);
  return finished;
}
