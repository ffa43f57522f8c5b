import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { UpgradeHandler } from './endpoint.ts';

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
  close(code: number, reason: string): void;
}

/** Accepts WebSockets for a function. */
export interface WebSocketSide {
  readonly upgrade: UpgradeHandler;
  /** Tells clients that the server goes away. */
  drain(): void;
}

/** Makes WebSockets of upgrades with the `ws` of the function's own dependencies; a function that throws closes its one. */
export function acceptWebSockets(
  modulePath: string,
  onSocket: (socket: unknown, req: unknown) => unknown,
  log: Log,
): WebSocketSide {
  const server = new (loadServer(modulePath))({ noServer: true });
  const call = async (webSocket: WebSocketLike, req: IncomingMessage): Promise<void> => {
    try {
      await onSocket(webSocket, req);
    } catch (error) {
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      webSocket.close(1011, 'Internal Error');
    }
  };
  return {
    upgrade: (req, socket, head) => server.handleUpgrade(req, socket, head, (webSocket) => void call(webSocket, req)),
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
