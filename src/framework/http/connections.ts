import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Response } from './types.ts';

/** The connections of a server, each with the response it is busy with. */
export interface Connections {
  /** Notes that a connection works on a response. */
  begin(res: Response): void;
  /** Whether `drain` has been called. */
  readonly draining: boolean;
  /** Responses that have not ended. */
  inFlight(): Response[];
  /** Asks every connection to close: at once when idle, else after its response. */
  drain(): void;
  /** Notes that a connection speaks another protocol from now on. */
  handOver(socket: Socket): void;
  /** Closes all connections, whatever they carry. */
  readonly destroy: () => void;
}

/** How long a drain waits for requests of which only a part has come. */
const HALF_REQUEST_MS = 1000;

/** Follows the connections of `server`, upgraded and HTTP/2 ones as well. */
export function trackConnections(server: Server): Connections {
  const busy = new Map<Socket, Response | undefined>();
  const handedOver = new Set<Socket>();
  let draining = false;
  server.on('connection', (socket) => {
    busy.set(socket, undefined);
    socket.on('close', () => {
      busy.delete(socket);
      handedOver.delete(socket);
    });
  });
  const inFlight = (): Response[] => [...busy.values()].filter(isInFlight);
  const closeRest = (): void => {
    for (const [socket, res] of busy) if (!isInFlight(res)) socket.destroy();
  };
  const closeAfter = (res: Response): void => {
    if (!res.headersSent && res.req.httpVersionMajor === 1) res.setHeader('connection', 'close');
    res.once('close', () => server.closeIdleConnections());
  };
  return {
    begin(res) {
      busy.set(res.req.socket, res);
      if (draining) closeAfter(res);
    },
    get draining() {
      return draining;
    },
    inFlight,
    drain() {
      draining = true;
      for (const res of inFlight()) closeAfter(res);
      // Node does not count a connection as idle before its first request, and would wait for it.
      for (const socket of busy.keys()) if (socket.bytesRead === 0) socket.destroy();
      setTimeout(closeRest, HALF_REQUEST_MS).unref();
    },
    handOver(socket) {
      busy.delete(socket);
      handedOver.add(socket);
    },
    destroy() {
      for (const socket of [...busy.keys(), ...handedOver]) socket.destroy();
    },
  };
}

function isInFlight(res: Response | undefined): res is Response {
  return res !== undefined && !res.writableFinished && !res.destroyed;
}
