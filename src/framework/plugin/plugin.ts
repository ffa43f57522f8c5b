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

/** The class of a plugin. */
export interface PluginClass {
  /** `request` makes an instance for each call; one serves all of them when it is left out. */
  readonly scope?: 'process' | 'request';
  new (): PluginLike;
}

/** The name of a hook. */
export type HookName = 'execPreHook' | 'execPostHook';

/** Marks the hooks that a plugin has not overridden, in every copy of this framework. */
const NO_HOOK: unique symbol = Symbol.for('openfunction.functions-framework.no-hook');
const HOOKS = ['execPreHook', 'execPostHook'] as const;

/**
 * The base of plugins; a class that extends it overrides the hooks it needs.
 * The contract: https://github.com/OpenFunction/functions-framework
 */
export class Plugin implements PluginLike {
  /** `request` makes an instance for each call; one serves all of them when it is left out. */
  static readonly scope: 'process' | 'request' = 'process';
  readonly name: string;
  readonly version: string;

  constructor(name: string, version = 'unknown') {
    if (typeof name !== 'string' || name.trim() === '') throw new Error('Plugin name must be specified.');
    this.name = name;
    this.version = version;
  }

  /** A property by its path, such as `state.count` or `list[0].id`; undefined where the path ends early. */
  get(path: string): unknown {
    if (path in this) return Reflect.get(this, path);
    const keys = path.replaceAll(/\[["']?([^\]"']*)["']?\]/g, '.$1').split('.');
    return keys.reduce<unknown>(memberOf, this);
  }

  /** Awaited before the first hook. */
  async init(): Promise<void> {}

  async execPreHook(_ctx: OpenFunctionInvocation, _plugins: PluginMap): Promise<void> {}

  async execPostHook(_ctx: OpenFunctionInvocation, _plugins: PluginMap): Promise<void> {}
}

for (const name of HOOKS) Reflect.set(Plugin.prototype[name], NO_HOOK, true);

/** Whether a plugin has a hook of its own. */
export function hasHook(plugin: object, name: HookName): boolean {
  const hook: unknown = Reflect.get(plugin, name);
  return typeof hook === 'function' && Reflect.get(hook, NO_HOOK) !== true;
}

/** Whether it has any. */
export function hasHooks(plugin: object): boolean {
  return HOOKS.some((name) => hasHook(plugin, name));
}

/** Whether a value is a plugin: an object with a name and a hook. */
export function isPlugin(value: unknown): value is PluginLike {
  return typeof value === 'object' && value !== null && nameOf(value) !== undefined && hasHooks(value);
}

/** Whether a value is the class of one: it has hooks or inherits them, and is not the base itself, of whichever copy. */
export function isPluginClass(value: unknown): value is PluginClass {
  if (typeof value !== 'function') return false;
  const prototype: unknown = value.prototype;
  if (typeof prototype !== 'object' || prototype === null) return false;
  const hasMethod = HOOKS.some(
    (name) => name in prototype && (!Object.hasOwn(prototype, name) || hasHook(prototype, name)),
  );
  return hasMethod || HOOK_FIELD.test(Function.prototype.toString.call(value));
}

/** A hook that is a field of its instances stands in the text of a class alone. */
const HOOK_FIELD = /^class\b[^]*\bexecP(?:re|ost)Hook\s*=/;

/** Makes an instance of it. */
export function instanceOf(value: PluginClass): PluginLike {
  const plugin = new value();
  if (nameOf(plugin) === undefined) throw new Error('Plugin name must be specified.');
  return plugin;
}

function nameOf(value: object): string | undefined {
  const name: unknown = Reflect.get(value, 'name');
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}

function memberOf(value: unknown, key: string): unknown {
  return value === undefined || value === null ? undefined : Reflect.get(Object(value), key);
}
