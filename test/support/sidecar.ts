import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A call as it arrived. */
export interface SidecarRequest {
  readonly method: string;
  /** As it was sent: escapes and query included. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
}

/** What is answered; 204 and nothing else when left out. */
export interface SidecarReply {
  readonly status?: number;
  readonly body?: string | Uint8Array;
}

/** Stands in for Dapr's HTTP API. */
export interface TestSidecar {
  readonly port: number;
  /** The environment that leads to it. */
  readonly env: { readonly DAPR_HTTP_PORT: string };
  readonly calls: SidecarRequest[];
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
  /** How many connections there ever were. */
  readonly connections: () => number;
}

/** Listens on loopback until the test ends, and answers calls as `reply` says. */
export async function startSidecar(
  reply: (call: SidecarRequest) => SidecarReply | Promise<SidecarReply> = () => ({}),
  listenOn = 0,
): Promise<TestSidecar> {
  const calls: SidecarRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(Buffer.from(chunk));
    const bytes = Buffer.concat(chunks);
    const call = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body: bytes.toString(), bytes };
    calls.push(call);
    const { status = 204, body } = await reply(call);
    res.writeHead(status).end(body);
  };
  const server = createServer((req, res) => void handle(req, res));
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(listenOn, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { port, env: { DAPR_HTTP_PORT: String(port) }, calls, sockets, connections: () => connections };
}

/** A port on loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
