import type { IncomingHttpHeaders } from 'node:http';
import { http } from '../builtin.ts';

/** A request to an app. */
export interface AppCall {
  readonly method: string;
  /** With its query; the first slash may be missing. */
  readonly path: string;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: string | Buffer;
}

/** What it answered. */
export interface AppAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A pool of connections to an app. */
export interface AppClient {
  /** Rejects when the app can't be reached. */
  call(call: AppCall): Promise<AppAnswer>;
  close(): void;
}

/** Makes it for a port of loopback; `shared` are headers of all requests. */
export function makeAppClient(port: number, shared: Readonly<Record<string, string>>): AppClient {
  const agent = new http.Agent({ keepAlive: true });
  return {
    call({ method, path, headers, body }) {
      const { promise, resolve, reject } = Promise.withResolvers<AppAnswer>();
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const target = path.startsWith('/') ? path : `/${path}`;
      const options = { host: '127.0.0.1', port, agent, method, path: target };
      const req = http.request({ ...options, headers: { ...headers, ...shared, ...length } }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }),
        );
      });
      req.on('error', reject).end(body);
      return promise;
    },
    close: () => agent.destroy(),
  };
}
