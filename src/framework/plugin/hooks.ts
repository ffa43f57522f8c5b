import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { OpenFunctionInvocation } from '../context/runtime.ts';
import { isThenable } from '../http/exchange.ts';
import type { LoadedPlugin } from './find-plugins.ts';
import { isHookAbort } from './hook-abort.ts';
import { hookFailure, makeInstances } from './instances.ts';
import type { LoadedPlugins } from './load-plugins.ts';
import { hasHook, type HookName, type PluginLike, type PluginMap } from './plugin.ts';

/** Runs a call with what is to happen before and after it; gives what its caller gets, or throws what the caller is told. */
export type Around = (ctx: OpenFunctionInvocation, call: () => unknown) => unknown;

/** Which hooks run, in which order. */
export interface HookOrder {
  readonly pre: readonly string[];
  readonly post: readonly string[];
}

/** Lets something watch hooks, such as a tracer: it calls `run` and gives what that gave. */
export type WatchHook = <T>(ctx: OpenFunctionInvocation, plugin: string, hook: HookName, run: () => T) => T;

/** The hooks of plugins. */
export interface Hooks {
  /** Makes what runs them around calls. */
  readonly around: (order: HookOrder) => Around;
  /** A plugin by its name, as the hooks of that call get it. */
  readonly plugin: (name: string, ctx: OpenFunctionInvocation) => PluginLike | undefined;
}

/**
 * Makes them. A hook that fails is told of and does no harm to the call, but for a `HookAbort` of a pre hook. Post hooks
 * run after failures too; they may clear `ctx.error`, or set it.
 */
export function makeHooks(plugins: LoadedPlugins, log: Pick<Log, 'error'>, watch?: WatchHook): Hooks {
  const { shared, mapFor, fill, plugin } = makeInstances(plugins, log);
  const run = (ctx: OpenFunctionInvocation, one: PluginLike, hook: HookName, map: PluginMap): unknown =>
    watch === undefined ? one[hook]?.(ctx, map) : watch(ctx, one.name, hook, () => one[hook]?.(ctx, map));
  const runEach = async (
    ctx: OpenFunctionInvocation,
    names: readonly string[],
    hook: HookName,
    map: PluginMap,
  ): Promise<void> => {
    for (const name of names) {
      const own = map[name];
      if (own === undefined) continue;
      try {
        const running = run(ctx, own, hook, map);
        if (isThenable(running)) await running;
      } catch (error) {
        if (hook === 'execPreHook' && isHookAbort(error)) throw error;
        log.error(hookFailure(hook, name, error));
      }
    }
  };
  const around = (order: HookOrder): Around => {
    const pre = withHook(plugins, order.pre, 'execPreHook');
    const post = withHook(plugins, order.post, 'execPostHook');
    return async (ctx, call) => {
      const map = mapFor(ctx);
      let thrown: { readonly error: unknown } | undefined;
      try {
        if (map !== shared) await fill(map);
        if (pre.length > 0) await runEach(ctx, pre, 'execPreHook', map);
        ctx.result = await call();
      } catch (error) {
        thrown = { error };
        ctx.error = error instanceof Error ? error : new Error(messageOf(error));
      }
      const { error, result, out } = ctx;
      if (post.length > 0) await runEach(ctx, post, 'execPostHook', map);
      // What the function said of its outcome is said of the result that a hook has replaced.
      if (ctx.result !== result && ctx.out === out) ctx.out = undefined;
      if (ctx.error !== error && isThere(ctx.error)) throw ctx.error;
      if (ctx.error === error && thrown !== undefined) throw thrown.error;
      return ctx.result;
    };
  };
  return { around, plugin };
}

/** Plugins have any value there, also null. */
function isThere(error: unknown): boolean {
  return error !== undefined && error !== null;
}

function withHook(plugins: LoadedPlugins, names: readonly string[], hook: HookName): string[] {
  const has = (loaded: LoadedPlugin | undefined): boolean => loaded !== undefined && hasHook(loaded.plugin, hook);
  return names.filter((name) => has(plugins.get(name)));
}
