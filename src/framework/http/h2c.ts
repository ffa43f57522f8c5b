import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { loadHttp2 } from '../builtin.ts';
import { makeHttp2Classes } from './classes.ts';
import type { App, Request, Response } from './types.ts';

/** The HTTP/2 half of a server: https://www.rfc-editor.org/rfc/rfc9113 */
export interface Http2Side {
  /** Takes over a connection that begins with the preface. */
  accept(socket: Socket): void;
  /** Tells clients to open no more streams; sessions close when the last of theirs has ended. */
  drain(): void;
}

/** Calls that a slow function makes its callers cancel are many, and no attack: theirs is the connection of all others. */
const LIMITS = { streamResetBurst: 10_000, streamResetRate: 1000, settings: { maxConcurrentStreams: 1000 } };

/** Takes a stream for itself, or leaves it to be a request like any other. */
export type StreamTaker = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean;

/** Makes an HTTP/2 server without a port of its own. */
export function createHttp2Side(
  app: App,
  listener: (req: Request, res: Response) => void,
  takes: StreamTaker | undefined,
): Http2Side {
  const http2 = loadHttp2();
  const server = http2.createServer({ ...makeHttp2Classes(app, http2), ...LIMITS });
  const sessions = new Set<ServerHttp2Session>();
  let draining = false;
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    if (draining) session.close();
  });
  // A session that fails closes itself; without a listener the error would end the process.
  server.on('sessionError', () => {});
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the classes of this server have all the members
  server.on('request', listener as never);
  if (takes !== undefined) offerStreams(server, takes);
  return {
    accept(socket) {
      // A server of HTTP/1 lets clients close their half alone; one of HTTP/2 ends with its client.
      socket.allowHalfOpen = false;
      if (!socket.destroyed) server.emit('connection', socket);
    },
    drain() {
      draining = true;
      for (const session of sessions) session.close();
    },
  };
}

/** Whoever takes a stream has it alone: making a request of it would cost as much as the call. */
function offerStreams(server: Http2Server, takes: StreamTaker): void {
  const listeners = server.listeners('stream');
  server.removeAllListeners('stream');
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => {
    if (takes(stream, headers)) return;
    for (const listener of listeners) Reflect.apply(listener, server, [stream, headers, ...rest]);
  });
}
