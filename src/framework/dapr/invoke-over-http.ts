import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import { http } from '../builtin.ts';
import { decodeInvokeRequest, encodeInvokeResponse, HTTP_VERBS, type InvokeRequest } from '../grpc/invoke.ts';
import type { UnaryHandler } from '../grpc/serve-unary.ts';
import { GRPC_STATUS, GrpcError } from '../grpc/status.ts';

/** What a status of HTTP is in gRPC: https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
const STATUS_OF_HTTP: Readonly<Record<number, number>> = {
  400: GRPC_STATUS.INVALID_ARGUMENT,
  401: GRPC_STATUS.UNAUTHENTICATED,
  403: GRPC_STATUS.PERMISSION_DENIED,
  404: GRPC_STATUS.NOT_FOUND,
  503: GRPC_STATUS.UNAVAILABLE,
  504: GRPC_STATUS.DEADLINE_EXCEEDED,
};
/** Metadata of the call that is not of the request it carries. */
const NOT_CARRIED = /^(?::|grpc-|te$|content-type$|content-length$|user-agent$|host$|connection$|dapr-api-token$)/;

/** Answers calls of other applications with what the server of the function answers to the request they stand for. */
export function invokeOverHttp(server: Server): UnaryHandler {
  const agent = new http.Agent({ keepAlive: true });
  return async (message, { headers }) => {
    const invocation = decodeInvokeRequest(message);
    const res = await request(server, agent, invocation, headers);
    const body = await collect(res);
    const { statusCode: status = 500 } = res;
    if (status >= 200 && status < 300) {
      const contentType = res.headers['content-type'] ?? '';
      return encodeInvokeResponse({ data: { value: body }, contentType });
    }
    throw new GrpcError(STATUS_OF_HTTP[status] ?? GRPC_STATUS.UNKNOWN, body.toString() || `status ${status}`);
  };
}

function request(
  server: Server,
  agent: InstanceType<typeof http.Agent>,
  { method, data, contentType, httpExtension }: InvokeRequest,
  metadata: IncomingHttpHeaders,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const query = httpExtension?.querystring ?? '';
  const verb = HTTP_VERBS[httpExtension?.verb ?? 0] ?? 'NONE';
  const body = data?.value ?? Buffer.alloc(0);
  const carried = Object.entries(metadata).filter(([name]) => !NOT_CARRIED.test(name));
  const type = contentType === '' || body.length === 0 ? {} : { 'content-type': contentType };
  const options = {
    agent,
    ...addressOf(server),
    method: verb === 'NONE' ? 'POST' : verb,
    path: `/${method.replace(/^\//, '')}${query === '' ? '' : `?${query}`}`,
    headers: { ...Object.fromEntries(carried), ...type, 'content-length': String(body.length) },
  };
  http.request(options, resolve).on('error', reject).end(body);
  return promise;
}

function addressOf(server: Server): { readonly host: string; readonly port: number } {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new GrpcError(GRPC_STATUS.UNAVAILABLE, 'not listening');
  const isAny = address.address === '::' || address.address === '0.0.0.0';
  return { host: isAny ? 'localhost' : address.address, port: address.port };
}

async function collect(res: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk);
  return Buffer.concat(chunks);
}
