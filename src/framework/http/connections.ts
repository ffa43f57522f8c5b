import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Response } from './types.ts';

/** The connections of a server. */
export interface Connections {
  /** Whether `drain` has been called. */
  readonly draining: boolean;
  /** Asks every connection to close: at once when idle, else after the response it works on. */
  drain(inFlight: readonly Response[]): void;
  /** Asks the connection of a response that begins during a drain to close after it. */
  readonly closeAfter: (res: Response) => void;
  /** Notes that a connection speaks another protocol from now on. */
  handOver(socket: Socket): void;
  /** Closes all connections, whatever they carry. */
  readonly destroy: () => void;
}

/** How long a drain waits for requests of which only a part has come. */
const HALF_REQUEST_MS = 1000;

/**
 * Follows the connections of `server`, upgraded and HTTP/2 ones as well. It remembers no responses: those would grow old
 * in memory with the connection.
 */
export function trackConnections(server: Server): Connections {
  const speakingHttp1 = new Set<Socket>();
  const handedOver = new Set<Socket>();
  let draining = false;
  server.on('connection', (socket) => {
    speakingHttp1.add(socket);
    socket.on('close', () => {
      speakingHttp1.delete(socket);
      handedOver.delete(socket);
    });
  });
  const closeAfter = (res: Response): void => {
    if (!res.headersSent && res.req.httpVersionMajor === 1) res.setHeader('connection', 'close');
    res.once('close', () => server.closeIdleConnections());
  };
  return {
    get draining() {
      return draining;
    },
    closeAfter,
    drain(inFlight) {
      draining = true;
      for (const res of inFlight) closeAfter(res);
      // Node does not count a connection as idle before its first request, and would wait for it.
      for (const socket of speakingHttp1) if (socket.bytesRead === 0) socket.destroy();
      const busy = new Set(inFlight.map((res) => res.socket));
      const closeRest = (): void => {
        for (const socket of speakingHttp1) if (!busy.has(socket)) socket.destroy();
      };
      setTimeout(closeRest, HALF_REQUEST_MS).unref();
    },
    handOver(socket) {
      speakingHttp1.delete(socket);
      handedOver.add(socket);
    },
    destroy() {
      for (const socket of [...speakingHttp1, ...handedOver]) socket.destroy();
    },
  };
}
