import { messageOf } from '../../../base/error.ts';
import { definePlugin, type Plugin, type PluginRequest, type ResponseWriter } from '../../plugin.ts';
import type { FunctionAnswer } from './collector.ts';
import { readConf, type OpenFunctionConf } from './conf.ts';
import { createFunctionClient, type FunctionClient } from './function-client.ts';
import { headersFor } from './headers.ts';
import { isSendable, restBehind, targetOf } from './target.ts';

/** A function of a route, and the way there. */
interface Route extends OpenFunctionConf {
  readonly client: FunctionClient | undefined;
}

/** What APISIX says of the part of a path that the `*` of its route stands for. */
const REST_OF_ROUTE = 'uri_param_:ext';
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Answers requests by what a function of OpenFunction says, in the place of an upstream. */
export const openfunction: Plugin<Route> = definePlugin({
  name: 'openfunction',
  parseConf(value) {
    const conf = readConf(value);
    const { address } = conf;
    return { ...conf, client: address === undefined ? undefined : createFunctionClient(address, conf) };
  },
  async requestFilter(route, writer, request) {
    const [rest, body] = await Promise.all([restOf(route, request), bodyOf(request)]);
    if (body !== undefined && body.length > route.maxRequestBody) {
      writer.writeHeader(400);
      return;
    }
    try {
      const answer = await call(route, request, rest, body);
      // What APISIX calls then, functions answer so.
      if (answer === undefined) writer.writeHeader(400);
      else pass(answer, writer);
    } catch (error) {
      // Nobody waits for an answer any more, and the runner says why.
      request.signal.throwIfAborted();
      request.log.error(`failed to process ${openfunction.name}, err: ${causeOf(error)}`);
      writer.writeHeader(503);
    }
  },
  async dispose({ client }) {
    await client?.close();
  },
});

/** Undefined for a path that can't be sent, which only that of `strict_apisix` may be. */
async function call(
  route: Route,
  { method, args, headers, signal }: PluginRequest,
  rest: Uint8Array | undefined,
  body: Buffer | undefined,
): Promise<FunctionAnswer | undefined> {
  const { address, client } = route;
  if (address === undefined || client === undefined) throw new Error('bad uri');
  const path = targetOf(address, route, rest, args);
  if (!isSendable(path)) return undefined;
  return client.call({ method, path, headers: headersFor(address, route, headers), body, signal });
}

function restOf({ pathPrefix }: OpenFunctionConf, request: PluginRequest): Promise<Uint8Array | undefined> {
  if (pathPrefix === undefined) return request.varBytes(REST_OF_ROUTE);
  return Promise.resolve(restBehind(pathPrefix, request.pathBytes));
}

/** APISIX is not asked for what is not there. */
async function bodyOf(request: PluginRequest): Promise<Buffer | undefined> {
  const { method, headers } = request;
  const isTold = headers.has('content-length') || headers.has('transfer-encoding');
  return isTold || !WITHOUT_BODY.has(method) ? request.body() : undefined;
}

function pass({ status, headers, body }: FunctionAnswer, writer: ResponseWriter): void {
  writer.writeHeader(status);
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index]?.toString('latin1') ?? '';
    writer.headers.append(name, headers[index + 1] ?? '');
  }
  if (body.length > 0) writer.write(body);
}

/** The first cause that has something to say: undici wraps what the system says of connections. */
function causeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  return messageOf(error) === '' && cause !== undefined ? messageOf(cause) : messageOf(error);
}
