import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { loadHttp2 } from '../builtin.ts';
import { makeHttp2Classes } from './classes.ts';
import type { App, Request, Response } from './types.ts';

/** The HTTP/2 half of a server: https://www.rfc-editor.org/rfc/rfc9113 */
export interface Http2Side {
  /** Takes over a paused connection of which `head` has been read already. */
  accept(socket: Socket, head: Buffer): void;
  /** Tells clients to open no more streams; sessions close when the last of theirs has ended. */
  drain(): void;
}

/** Connection events that the HTTP/1 server listens to; it has nothing to do with the connection any more. */
const HTTP1_EVENTS = ['data', 'end', 'drain', 'error', 'timeout', 'resume', 'pause'];

/** Makes an HTTP/2 server without a port of its own. */
export function createHttp2Side(app: App, listener: (req: Request, res: Response) => void): Http2Side {
  const http2 = loadHttp2();
  const server = http2.createServer(makeHttp2Classes(app, http2));
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
  return {
    accept(socket, head) {
      for (const event of HTTP1_EVENTS) socket.removeAllListeners(event);
      socket.setTimeout(0);
      server.emit('connection', socket);
      // The session reads what is buffered on its first tick: it has to be there by then, and not before it listens.
      socket.unshift(head);
    },
    drain() {
      draining = true;
      for (const session of sessions) session.close();
    },
  };
}
