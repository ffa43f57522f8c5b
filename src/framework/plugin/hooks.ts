import { describeThrown, messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { OpenFunctionInvocation } from '../context/runtime.ts';
import { isThenable } from '../http/exchange.ts';
import { isHookAbort } from './hook-abort.ts';
import type { LoadedPlugin } from './load-plugins.ts';
import { hasHook, type PluginLike, type PluginMap } from './plugin.ts';

/** Runs a call with what is to happen before and after it; gives what its caller gets, or throws what the caller is told. */
export type Around = (ctx: OpenFunctionInvocation, call: () => unknown) => unknown;

/** Which hooks run, in which order. */
export interface HookOrder {
  readonly pre: readonly string[];
  readonly post: readonly string[];
}

type HookName = 'execPreHook' | 'execPostHook';

/** Lets something watch hooks, such as a tracer: it calls `run` and gives what that gave. */
export type WatchHook = <T>(ctx: OpenFunctionInvocation, plugin: string, hook: HookName, run: () => T) => T;

/**
 * Makes what runs plugins around calls. A hook that fails is told of and does no harm to the call, but for a `HookAbort` of
 * a pre hook. Post hooks run after failures too; they may clear `ctx.error`, or set it.
 */
export function runHooks(
  plugins: ReadonlyMap<string, LoadedPlugin>,
  order: HookOrder,
  log: Pick<Log, 'error'>,
  watch?: WatchHook,
): Around {
  const chosen = (names: readonly string[], hook: HookName): LoadedPlugin[] =>
    names.flatMap((name) => plugins.get(name) ?? []).filter(({ plugin }) => hasHook(plugin, hook));
  const pre = chosen(order.pre, 'execPreHook');
  const post = chosen(order.post, 'execPostHook');
  const all = mapOf(plugins);
  const renewed = [...plugins].filter(([, { renew }]) => renew !== undefined);
  const scoped = renewed.length === 0 ? () => all : () => renewAll(all, renewed);

  const run = (ctx: OpenFunctionInvocation, plugin: PluginLike, hook: HookName, map: PluginMap): unknown =>
    watch === undefined ? plugin[hook]?.(ctx, map) : watch(ctx, plugin.name, hook, () => plugin[hook]?.(ctx, map));
  const runEach = async (
    ctx: OpenFunctionInvocation,
    some: readonly LoadedPlugin[],
    hook: HookName,
    map: PluginMap,
  ) => {
    for (const { plugin } of some) {
      const own = map[plugin.name] ?? plugin;
      try {
        const running = run(ctx, own, hook, map);
        // oxlint-disable-next-line no-await-in-loop -- in order
        if (isThenable(running)) await running;
      } catch (error) {
        if (hook === 'execPreHook' && isHookAbort(error)) throw error;
        log.error(`Failed to invoke "${hook}" of plugin "${plugin.name}": ${describeThrown(error)}`);
      }
    }
  };
  return async (ctx, call) => {
    const map = scoped();
    let thrown: { readonly error: unknown } | undefined;
    try {
      if (pre.length > 0) await runEach(ctx, pre, 'execPreHook', map);
      ctx.result = await call();
    } catch (error) {
      thrown = { error };
      ctx.error = error instanceof Error ? error : new Error(messageOf(error));
    }
    const { error: noted } = ctx;
    if (post.length > 0) await runEach(ctx, post, 'execPostHook', map);
    if (ctx.error === undefined) return ctx.result;
    throw thrown !== undefined && ctx.error === noted ? thrown.error : ctx.error;
  };
}

function mapOf(plugins: ReadonlyMap<string, LoadedPlugin>): PluginMap {
  const entries = [...plugins].map(([name, { plugin }]): [string, PluginLike] => [name, plugin]);
  return Object.assign(Object.fromEntries(entries), { _seq: [...plugins.keys()] });
}

function renewAll(all: PluginMap, renewed: readonly [string, LoadedPlugin][]): PluginMap {
  const own = renewed.map(([name, { renew, plugin }]): [string, PluginLike] => [name, renew?.() ?? plugin]);
  return Object.assign({ ...all }, Object.fromEntries(own));
}
