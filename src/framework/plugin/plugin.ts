import type { OpenFunctionInvocation } from '../context/runtime.ts';

/** What plugins are handed of each other: by name, and `_seq`, the names in the order they were loaded. */
export type PluginMap = Record<string, PluginLike> & { _seq?: string[] };

/**
 * What counts as a plugin: a name and at least one hook. Hooks may change `ctx.data`, which the function gets, and
 * `ctx.result`, which its caller gets.
 */
export interface PluginLike {
  readonly name: string;
  readonly version?: string;
  /** Awaited once before the first hook. */
  init?(): unknown;
  /** Runs before the function; only a `HookAbort` that it throws keeps the function from running. */
  execPreHook?(ctx: OpenFunctionInvocation, plugins: PluginMap): unknown;
  /** Runs after the function, whether it failed or not; `ctx.error` says. */
  execPostHook?(ctx: OpenFunctionInvocation, plugins: PluginMap): unknown;
  /** A property of the plugin by its dotted path. */
  get?(path: string): unknown;
}

/** Marks the hooks that a plugin has not overridden, in every copy of this framework. */
const NO_HOOK: unique symbol = Symbol.for('openfunction.functions-framework.no-hook');

/**
 * The base of plugins; a class that extends it overrides the hooks it needs.
 * The contract: https://github.com/OpenFunction/functions-framework
 */
export class Plugin implements PluginLike {
  /** `request` makes an instance for each invocation; one serves all of them when it is left out. */
  static readonly scope: 'process' | 'request' = 'process';
  readonly name: string;
  readonly version: string;

  constructor(name: string, version = 'unknown') {
    if (typeof name !== 'string' || name.trim() === '') throw new Error('Plugin name must be specified.');
    this.name = name;
    this.version = version;
  }

  get(path: string): unknown {
    return path
      .split('.')
      .reduce<unknown>(
        (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
        this,
      );
  }

  async init(): Promise<void> {}

  async execPreHook(_ctx: OpenFunctionInvocation, _plugins: PluginMap): Promise<void> {}

  async execPostHook(_ctx: OpenFunctionInvocation, _plugins: PluginMap): Promise<void> {}
}

for (const name of ['execPreHook', 'execPostHook'] as const) Reflect.set(Plugin.prototype[name], NO_HOOK, true);

/** Whether a plugin has a hook of its own. */
export function hasHook(plugin: object, name: 'execPreHook' | 'execPostHook'): boolean {
  const hook: unknown = Reflect.get(plugin, name);
  return typeof hook === 'function' && Reflect.get(hook, NO_HOOK) !== true;
}
