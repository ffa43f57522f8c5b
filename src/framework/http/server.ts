import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AsyncLocalStorage } from 'node:async_hooks';
import { describeThrown, FnError, messageOf } from '../../base/error.ts';
import { asyncHooks, http } from '../builtin.ts';
import { makeApp, makeHttp1Classes } from './classes.ts';
import { trackConnections, type Connections } from './connections.ts';
import type { Endpoint, Upgrades, FailureScope } from './endpoint.ts';
import { executionOf, type Execution } from './execution.ts';
import { createListener, type Interceptor, type Invocation } from './exchange.ts';
import { answerFailure, endWith, logFinished, type FailurePolicy } from './failure.ts';
import type { Gate } from './gate.ts';
import type { Http2Side, StreamTaker } from './h2c.ts';
import { sniffProtocol } from './sniff.ts';
import type { App, Request, Response } from './types.ts';

/** What to serve. */
export interface ServerOptions extends FailurePolicy {
  readonly route: (req: Request, res: Response) => Endpoint | undefined;
  /** Asked before the gate. */
  readonly first?: readonly Interceptor[];
  /** Decides when functions may be called; they may always be where there is none. */
  readonly gate?: Gate | undefined;
  readonly interceptors?: readonly Interceptor[];
  /** In bytes. */
  readonly bodyLimit: number;
  /** Takes over connections that ask to be upgraded, to WebSocket for example. */
  readonly upgrades?: Upgrades | undefined;
  /** Takes streams of HTTP/2 that are no requests, such as calls of gRPC. */
  readonly takeStream?: ((...args: [...Parameters<StreamTaker>, FailureScope]) => boolean) | undefined;
  /** Keeps responses reachable for code that runs after their end, such as labelled logs. */
  readonly keepsEnded?: boolean;
}

/** A server of functions. */
export interface FunctionServer {
  /** For those who listen by themselves, such as tests. */
  readonly server: Server;
  /** Listens on a port, 0 for a free one, and an address, all of them when left out; gives the port. */
  listen(port: number, host?: string): Promise<number>;
  /** The response that the running code works on, however late; undefined outside any request. */
  readonly current: () => Response | undefined;
  /** What logs say of the running call, be it a request, a message or a connection. */
  readonly execution: () => Execution | undefined;
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

/**
 * Makes a server of HTTP/1.1, HTTP/2 without TLS and upgrades on one port. HTTP/2 is recognised by its preface and costs
 * nothing until the first client of it comes.
 */
export function createFunctionServer(options: ServerOptions): FunctionServer {
  const app = makeApp();
  const current = new asyncHooks.AsyncLocalStorage<Invocation>();
  const inFlight = new Set<Invocation>();
  const responses = (): Response[] => [...inFlight].flatMap(({ res }) => res ?? []);
  const { first = [], gate, interceptors = [] } = options;
  const listener = createListener({ ...options, first, gate, interceptors, current, inFlight });
  const { upgrades } = options;
  const server = makeServer(app, upgrades);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the classes of this server have all the members
  server.on('request', ((req: Request, res: Response) => {
    if (connections.draining) connections.closeAfter(res);
    listener(req, res);
  }) as never);
  const { takeStream } = options;
  const scope = failureScope(current);
  const takes: StreamTaker | undefined = takeStream && ((stream, headers) => takeStream(stream, headers, scope));
  let http2: Http2Side | undefined;
  let draining = false;
  const acceptHttp2 = async (socket: Socket): Promise<void> => {
    connections.handOver(socket);
    const { createHttp2Side } = await import('./h2c.ts');
    http2 ??= createHttp2Side(app, listener, takes);
    http2.accept(socket);
  };
  sniffProtocol(server, (socket) => void acceptHttp2(socket), KEEP_ALIVE_MS);
  const connections = trackConnections(server);
  if (upgrades !== undefined) server.on('upgrade', guardUpgrade(upgrades, options, connections, scope));
  return {
    server,
    listen: (port, host) => listen(server, port, host),
    current: () => current.getStore()?.res,
    execution: () => executionOf(current.getStore()),
    blame: (error) => blameOn(current.getStore(), error, options),
    abandon: (text) => {
      for (const res of responses()) endWith(res, 500, { status: 'crash' }, text);
    },
    get draining() {
      return draining;
    },
    async close(grace) {
      draining = true;
      const left = gate === undefined ? grace : await untilEnded(responses(), grace);
      connections.drain(responses());
      http2?.drain();
      return close(server, left, connections.destroy);
    },
  };
}

function makeServer(app: App, upgrades: Upgrades | undefined): Server {
  return http.createServer({
    ...makeHttp1Classes(app),
    ...TIMEOUTS,
    noDelay: true,
    ...(upgrades === undefined ? {} : { shouldUpgradeCallback: upgrades.accepts }),
  });
}

/**
 * Waits for responses, `grace` milliseconds at most, and gives what is left of them. The server goes on listening: the gate
 * refuses what is the functions', all else is answered.
 */
async function untilEnded(responses: readonly Response[], grace: number): Promise<number> {
  const began = performance.now();
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, grace);
  const ends = responses.map((res) => new Promise<void>((ended) => res.once('close', ended)));
  await Promise.race([Promise.all(ends), late]);
  clearTimeout(timer);
  return Math.max(0, grace - (performance.now() - began));
}

function blameOn(invocation: Invocation | undefined, error: unknown, policy: FailurePolicy): boolean {
  if (invocation === undefined) return false;
  if (invocation.fail !== undefined) invocation.fail(error);
  else if (invocation.res === undefined) logFinished(error, policy);
  else answerFailure(invocation.res, error, { status: 'crash' }, policy);
  return true;
}

function failureScope(current: AsyncLocalStorage<Invocation>): FailureScope {
  return (onFailure, act) => current.run({ res: undefined, fail: onFailure }, act);
}

/** A handler that fails, at once or later, closes its own connection and nothing else. */
function guardUpgrade(
  { handle }: Upgrades,
  { log }: FailurePolicy,
  connections: Connections,
  scope: FailureScope,
): (req: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (req, socket, head) => {
    connections.handOver(req.socket);
    const fail = (error: unknown): void => {
      log.error(describeThrown(error));
      if (req.socket.bytesWritten === 0) socket.end('HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    };
    socket.on('error', () => socket.destroy());
    void scope(fail, async () => {
      try {
        await handle(req, socket, head, scope);
      } catch (error) {
        fail(error);
      }
    });
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
