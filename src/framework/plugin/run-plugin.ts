import type { IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import type { Log } from '../../base/log.ts';
import { bindRuntime } from '../context/bind-runtime.ts';
import { defaultContext } from '../context/default-context.ts';
import type { OpenFunctionInvocation } from '../context/runtime.ts';
import { makeServicesOf } from '../context/services.ts';
import type { OpenFunctionContext } from '../context/types.ts';
import { makeApp, makeHttp1Classes } from '../http/classes.ts';
import type { Request, Response } from '../http/types.ts';
import { readPlatform } from '../platform.ts';
import type { OpenFunction } from '../signature/openfunction.ts';
import { loadedOf, type LoadedPlugin } from './find-plugins.ts';
import { makeHooks } from './hooks.ts';
import { initPlugins } from './load-plugins.ts';
import type { PluginClass, PluginLike } from './plugin.ts';

/** The call that plugins are run around. */
export interface PluginCall {
  /** What the function gets, and the body of the request. */
  readonly data?: unknown;
  /** The function; without it `error` is thrown, or else `result` returned. */
  readonly call?: OpenFunction;
  readonly result?: unknown;
  readonly error?: unknown;
  /** Keys of the function context. */
  readonly context?: Partial<OpenFunctionContext>;
  /** What `ctx.req` says; names of headers in lower case. */
  readonly request?: { readonly method?: string; readonly url?: string; readonly headers?: IncomingHttpHeaders };
}

/** How it ended. */
export interface PluginOutcome {
  /** The context after the last hook. */
  readonly ctx: OpenFunctionInvocation & { readonly req: Request; readonly res: Response };
  /** Whether a hook let the function run. */
  readonly called: boolean;
  /** What the caller gets; undefined when the call failed. */
  readonly result: unknown;
  /** What the caller is told, such as a `HookAbort`; undefined when the call succeeded. */
  readonly error: unknown;
  /** What was logged, such as hooks that failed. */
  readonly logged: readonly string[];
}

/** Runs plugins, or classes of them, around a call as the server does, in their order, without a server. */
export async function runPlugin(
  plugins: PluginLike | PluginClass | readonly (PluginLike | PluginClass)[],
  { call, data, context, request = {}, ...outcome }: PluginCall = {},
): Promise<PluginOutcome> {
  const logged: string[] = [];
  const log = logTo(logged);
  const loaded = loadedByName([plugins].flat());
  await initPlugins(loaded);
  const names = [...loaded.keys()];
  const { around, plugin } = makeHooks(loaded, log);
  const extensions = { around: undefined, aroundOthers: undefined, tracer: undefined, plugin };
  const services = makeServicesOf({ ...defaultContext('function'), ...context }, readPlatform({}), log, extensions);
  const { req, res } = exchangeOf(request, data);
  const ctx = new (bindRuntime(services('function')))(req, res);
  ctx.data = data;
  let called = false;
  const fn = (): unknown => {
    called = true;
    if (call !== undefined) return call(ctx, ctx.data);
    if (outcome.error !== undefined) throw outcome.error;
    return outcome.result;
  };
  const both = Object.assign(ctx, { req, res });
  try {
    const result: unknown = await around({ pre: names, post: names })(ctx, fn);
    return { ctx: both, called, result, error: undefined, logged };
  } catch (error) {
    return { ctx: both, called, result: undefined, error, logged };
  }
}

function loadedByName(plugins: readonly unknown[]): Map<string, LoadedPlugin> {
  const loaded = plugins.map((one) => {
    const [found] = loadedOf(one);
    if (found === undefined)
      throw new TypeError('A plugin has a name and at least one of execPreHook and execPostHook.');
    return [found.plugin.name, found] as const;
  });
  return new Map(loaded);
}

/** A request that no client has sent, and its response. */
function exchangeOf(
  { method = 'POST', url = '/', headers = {} }: NonNullable<PluginCall['request']>,
  body: unknown,
): { readonly req: Request; readonly res: Response } {
  const { IncomingMessage, ServerResponse } = makeHttp1Classes(makeApp());
  const message = Object.assign(new IncomingMessage(new Socket()), { method, url, headers });
  /* oxlint-disable typescript/no-unsafe-type-assertion -- their classes have the members */
  const req = message as unknown as Request;
  const res = new ServerResponse(message) as unknown as Response;
  /* oxlint-enable typescript/no-unsafe-type-assertion */
  if (body !== undefined) req.body = body;
  return { req: Object.assign(req, { res }), res };
}

function logTo(lines: string[]): Log {
  const write = (line: string): void => void lines.push(line);
  return { debug() {}, info: write, warn: write, error: write };
}
