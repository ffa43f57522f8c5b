import { describeThrown } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { OpenFunctionInvocation } from '../context/runtime.ts';
import { isThenable } from '../http/exchange.ts';
import { isHookAbort } from './hook-abort.ts';
import type { LoadedPlugins } from './load-plugins.ts';
import type { HookName, PluginLike, PluginMap } from './plugin.ts';

/** The instances that the hooks of a call get. */
export interface Instances {
  /** Those that serve all calls. */
  readonly shared: PluginMap;
  /** The map of a call: the shared one, where no plugin wants an instance for each call. */
  readonly mapFor: (ctx: OpenFunctionInvocation) => PluginMap;
  /** Makes the instances of a call, their `init` awaited. One that fails is told of and left out of it. */
  readonly fill: (map: PluginMap) => Promise<void>;
  /** A plugin by its name, as the call has it. */
  readonly plugin: (name: string, ctx: OpenFunctionInvocation) => PluginLike | undefined;
}

/** Makes them. */
export function makeInstances(plugins: LoadedPlugins, log: Pick<Log, 'error'>): Instances {
  const renewed = [...plugins].flatMap(([name, { renew }]) => (renew === undefined ? [] : [{ name, renew }]));
  const kept = [...plugins].filter(([, { renew }]) => renew === undefined);
  const entries = kept.map(([name, { plugin }]): [string, PluginLike] => [name, plugin]);
  const shared: PluginMap = Object.assign(Object.fromEntries(entries), { _seq: [...plugins.keys()] });
  const owned = new WeakMap<OpenFunctionInvocation, PluginMap>();
  const own = (ctx: OpenFunctionInvocation): PluginMap => {
    const map = { ...shared };
    owned.set(ctx, map);
    return map;
  };
  return {
    shared,
    mapFor: renewed.length === 0 ? () => shared : own,
    async fill(map) {
      for (const { name, renew } of renewed) {
        try {
          const plugin = renew();
          const starting = plugin.init?.();
          if (isThenable(starting)) await starting;
          map[name] = plugin;
        } catch (error) {
          if (isHookAbort(error)) throw error;
          log.error(hookFailure('init', name, error));
        }
      }
    },
    plugin: (name, ctx) => lookUp(owned.get(ctx) ?? shared, name),
  };
}

/** `_seq` is no plugin, and neither is what every object inherits. */
function lookUp(map: PluginMap, name: string): PluginLike | undefined {
  return name !== '_seq' && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** The words of OpenFunction's framework. */
export function hookFailure(hook: HookName | 'init', plugin: string, error: unknown): string {
  return `Failed to invoke "${hook}" of plugin "${plugin}"\nDetailed stack trace: ${describeThrown(error)}`;
}
