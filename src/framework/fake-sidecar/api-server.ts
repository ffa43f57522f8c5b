import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { describeThrown } from '../../base/error.ts';
import { http } from '../builtin.ts';
import { decodePercent } from '../percent.ts';
import { ApiError } from './api-error.ts';
import { jsonAnswer, type ApiAnswer, type ApiRequest, type ApiRoute } from './api.ts';
import type { Pending } from './pending.ts';

/** Paths that need no token: https://github.com/dapr/dapr/blob/v1.16.5/pkg/api/http/middlewares.go */
const OPEN = new Set(['/v1.0/healthz', '/v1.0/healthz/outbound']);

/** Makes a server, not listening yet, of routes, the first that matches a request being its own. */
export function createApiServer(routes: readonly ApiRoute[], apiToken: string | undefined, pending: Pending): Server {
  const answerTo = async (request: ApiRequest): Promise<ApiAnswer> => {
    const isOpen = request.method === 'GET' && OPEN.has(request.path);
    if (apiToken !== undefined && request.headers['dapr-api-token'] !== apiToken && !isOpen) {
      return { status: 401, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'invalid api token\n' };
    }
    try {
      const { 'dapr-api-token': _, ...headers } = request.headers;
      return await dispatch(routes, { ...request, headers });
    } catch (error) {
      if (error instanceof ApiError) {
        return jsonAnswer({ errorCode: error.code, message: error.message }, error.status);
      }
      return jsonAnswer({ errorCode: 'ERROR', message: describeThrown(error) }, 500);
    }
  };
  return http.createServer((req, res) => {
    const { method = 'GET', url = '/' } = req;
    const end = pending.begin(`the sidecar's ${method} ${url}`);
    res.on('close', end);
    const [path = '', search = ''] = url.split('?', 2);
    read(req, (body) => {
      const request = { method, path, query: new URLSearchParams(search), headers: req.headers, body };
      void answerTo(request).then((answer) => send(res, answer));
    });
  });
}

async function dispatch(routes: readonly ApiRoute[], request: ApiRequest): Promise<ApiAnswer> {
  for (const { methods, path, handle } of routes) {
    const match = methods.split(' ').includes(request.method) ? path.exec(request.path) : null;
    if (match !== null) return handle(request, match.slice(1).map(decodePercent));
  }
  throw new ApiError(404, 'ERR_API_UNIMPLEMENTED', `${request.method} ${request.path} is not there`);
}

function read(req: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(Buffer.concat(chunks)));
  // A caller that went away gets no answer.
  req.on('error', () => {});
}

function send(res: ServerResponse, { status, headers = {}, body = '' }: ApiAnswer): void {
  res.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }) });
  res.end(body);
}
