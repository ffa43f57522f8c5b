import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import { describeThrown, FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Upgrades, FailureScope } from './endpoint.ts';

/** The parts of the package `ws` that are used here: https://github.com/websockets/ws */
interface WebSocketServer {
  readonly clients: Iterable<{ close(code: number, reason: string): void }>;
  handleUpgrade(
    req: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    done: (webSocket: WebSocketLike, req: IncomingMessage) => void,
  ): void;
}

interface WebSocketLike {
  emit: (...args: readonly unknown[]) => boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(code: number, reason: string): void;
}

/** Accepts WebSockets for a function. */
export interface WebSocketSide extends Upgrades {
  /** Tells clients that the server goes away. */
  drain(): void;
}

/**
 * Makes WebSockets of upgrades with the `ws` of the function's own dependencies. What a function throws, then or in one of
 * its listeners, closes its own WebSocket; so does a client that breaks the protocol.
 */
export function acceptWebSockets(
  modulePath: string,
  onSocket: (socket: unknown, req: unknown) => unknown,
  log: Log,
): WebSocketSide {
  const server = new (loadServer(modulePath))({ noServer: true });
  const serve = (webSocket: WebSocketLike, req: IncomingMessage, scope: FailureScope): void => {
    const fail = (error: unknown): void => {
      log.error(describeThrown(error));
      webSocket.close(1011, 'Internal Error');
    };
    const emit = webSocket.emit.bind(webSocket);
    webSocket.emit = (...args) => {
      try {
        return scope(fail, () => emit(...args));
      } catch (error) {
        fail(error);
        return true;
      }
    };
    // ws closes a WebSocket that has an error; without a listener the error would belong to nobody.
    webSocket.on('error', () => {});
    void scope(fail, async () => {
      try {
        await onSocket(webSocket, req);
      } catch (error) {
        fail(error);
      }
    });
  };
  return {
    accepts: (req) => req.headers.upgrade?.toLowerCase() === 'websocket',
    handle: (req, socket, head, scope) =>
      server.handleUpgrade(req, socket, head, (webSocket) => serve(webSocket, req, scope)),
    drain: () => {
      for (const client of server.clients) client.close(1001, 'Going Away');
    },
  };
}

function loadServer(modulePath: string): new (options: { readonly noServer: true }) => WebSocketServer {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a package of the user's
    const { WebSocketServer } = createRequire(modulePath)('ws') as {
      WebSocketServer: new (options: { readonly noServer: true }) => WebSocketServer;
    };
    return WebSocketServer;
  } catch (error) {
    throw new FnError(`Couldn't serve the export "websocket": the package "ws" is not there.`, {
      code: 'OFN-FUNC-DEPENDENCY',
      hint: 'Run "npm install ws", or export "upgrade(req, socket, head)" to speak another protocol.',
      cause: error,
    });
  }
}
