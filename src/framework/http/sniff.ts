import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** What a client with prior knowledge of HTTP/2 begins with: https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * Looks at the first bytes of every connection, however they are cut, and gives those that begin with the preface to
 * `onHttp2`. All others go to the server's own listener as if nobody had looked. A connection that says nothing for
 * `patience` milliseconds is closed.
 */
export function sniffProtocol(server: Server, onHttp2: (socket: Socket) => void, patience: number): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const look = (): void => {
      const head: Buffer | null = socket.read();
      if (head === null) return;
      socket.unshift(head);
      const known = head.subarray(0, PREFACE.length);
      const mayBeHttp2 = PREFACE.subarray(0, known.length).equals(known);
      if (mayBeHttp2 && known.length < PREFACE.length) return;
      release();
      if (mayBeHttp2) onHttp2(socket);
      else for (const listener of listeners) Reflect.apply(listener, server, [socket]);
    };
    const close = (): void => void socket.destroy();
    const release = (): void => {
      socket.setTimeout(0);
      socket.removeListener('readable', look).removeListener('timeout', close).removeListener('error', close);
      socket.removeListener('end', close);
    };
    socket.setTimeout(patience).on('timeout', close).on('error', close).on('end', close).on('readable', look);
  });
}
