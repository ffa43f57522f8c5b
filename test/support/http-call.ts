import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';

/** What a client sends. */
export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** What it gets. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
}

/** Calls a server on loopback over a connection that is kept; headers go out exactly as given. */
export function makeClient(port: number): (call?: Call | string) => Promise<Answer> {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return async (given = {}) => {
    const { method = 'GET', path = '/', headers = {}, body } = typeof given === 'string' ? { path: given } : given;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const all = { ...length, ...headers } as Record<string, string | string[]>;
    if ('transfer-encoding' in all) delete all['content-length'];
    const req = request({ port, host: '127.0.0.1', method, path, agent, headers: all }, resolve);
    req.on('error', reject).end(body);
    const res = await promise;
    const chunks: Buffer[] = [];
    for await (const chunk of res) chunks.push(Buffer.from(chunk));
    const bytes = Buffer.concat(chunks);
    return { status: res.statusCode, headers: res.headers, body: bytes.toString(), bytes };
  };
}
