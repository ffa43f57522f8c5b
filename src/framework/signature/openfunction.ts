import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { bindRuntime } from '../context/bind-runtime.ts';
import { isOut, type Out } from '../context/out.ts';
import type { OpenFunctionInvocation } from '../context/runtime.ts';
import type { RuntimeServices } from '../context/services.ts';
import { isTable } from '../../base/table.ts';
import type { HttpFunctionResponse } from '../functions.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Response } from '../http/types.ts';
import type { FunctionOf, SignatureOptions } from './endpoint-of.ts';
import { complete } from './completion.ts';

/** A function of OpenFunction: context and data in, and what it returns is the answer unless it used `ctx.res`. */
// oxlint-disable-next-line typescript/no-explicit-any -- users return whatever they like
export type OpenFunction<D = any, R = any> = (ctx: OpenFunctionInvocation, data: D) => R | Promise<R>;

const RESPONSE_KEYS = new Set(['code', 'headers', 'body']);

/** An endpoint for `(ctx, data)` functions, with a context of its own for each request. */
export function openFunctionEndpoint(
  { name, handler }: FunctionOf<'openfunction'>,
  options: Pick<SignatureOptions, 'log' | 'ignoreReturn' | 'unwrapCloudEvents'>,
  services: RuntimeServices,
): Endpoint {
  const Runtime = bindRuntime(services);
  const { around } = services;
  const call = (ctx: OpenFunctionInvocation): unknown => handler(ctx, ctx.data);
  return {
    name,
    body: 'parsed',
    postOnly: false,
    ignoresBrowsers: false,
    failure: 'error',
    async invoke(req, res) {
      const ctx = new Runtime(req, res);
      res.locals['context'] = ctx;
      ctx.data = (options.unwrapCloudEvents ? ctx.cloudEvent?.data : undefined) ?? req.body;
      try {
        const result: unknown = await (around === undefined ? call(ctx) : around(ctx, () => call(ctx)));
        const out = isOut(result) ? result : ctx.out;
        if (out === undefined) answer(res, options.ignoreReturn ? undefined : result, options.log);
        else answerOut(res, out, options.log);
      } catch (error) {
        ctx.error = error instanceof Error ? error : new Error(messageOf(error));
        throw error;
      }
    },
  };
}

/** As Go's framework has it: success is marked, and a failure is a call that failed. */
function answerOut(res: Response, { code, data, error }: Out, log: Log): void {
  if (code >= 500) throw error ?? new Error(`The function failed with ${code}.`);
  if (res.headersSent || res.writableEnded) return;
  if (code === 200) res.setHeader('X-OpenFunction-Status', 'success');
  answer(res, { code, body: data ?? '' }, log);
}

function answer(res: Response, result: unknown, log: Log): void {
  if (res.headersSent || res.writableEnded) return;
  if (!isFunctionResponse(result)) {
    complete(res, result, log);
    return;
  }
  res.statusCode = result.code ?? 200;
  for (const [name, value] of Object.entries(result.headers ?? {})) res.setHeader(name, value);
  if (result.body === undefined || result.body === null) res.end();
  else if (typeof result.body === 'number') res.json(result.body);
  else res.send(result.body);
}

/** `{ code, headers, body }` with at least a code or a body, and nothing else. */
function isFunctionResponse(value: unknown): value is HttpFunctionResponse {
  if (!isTable(value) || !('code' in value || 'body' in value)) return false;
  const { code, headers } = value;
  if (!Object.keys(value).every((key) => RESPONSE_KEYS.has(key))) return false;
  const isStatus = code === undefined || (Number.isInteger(code) && Number(code) >= 200 && Number(code) <= 599);
  return isStatus && (headers === undefined || isTable(headers));
}
