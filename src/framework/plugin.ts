import type { OpenFunctionInvocation } from './context/runtime.ts';

/** What plugins are handed of each other: by name, and `_seq`, the names in the order they were loaded. */
export type PluginMap = Record<string, Plugin> & { _seq?: string[] };

/**
 * The base of plugins; a class that extends it overrides the hooks it needs.
 * The contract: https://github.com/OpenFunction/functions-framework
 */
export class Plugin {
  readonly name: string;
  readonly version: string;

  constructor(name: string, version = 'unknown') {
    if (typeof name !== 'string' || name.trim() === '') throw new Error('Plugin name must be specified.');
    this.name = name;
    this.version = version;
  }

  /** A property of the plugin by its dotted path. */
  get(path: string): unknown {
    return path
      .split('.')
      .reduce<unknown>(
        (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
        this,
      );
  }

  /** Runs before the function. */
  async execPreHook(_ctx: OpenFunctionInvocation, _plugins: PluginMap): Promise<void> {}

  /** Runs after the function, whether it failed or not; `ctx.error` says. */
  async execPostHook(_ctx: OpenFunctionInvocation, _plugins: PluginMap): Promise<void> {}
}
