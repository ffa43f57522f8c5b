import { instanceOf, isPlugin, isPluginClass, type PluginLike } from './plugin.ts';

/** A plugin that was found. */
export interface LoadedPlugin {
  readonly plugin: PluginLike;
  /** Makes another instance; undefined when one serves all calls. */
  readonly renew: (() => PluginLike) | undefined;
}

/**
 * The plugins among the exports of a module, instances or classes, each only once however often it is exported; `seen` has
 * those of other modules. What CommonJS exports may stand under `default`. A class that can not be constructed is told
 * of and left out.
 */
export function findPlugins(module: unknown, seen: Set<unknown>, onFailure: (error: unknown) => void): LoadedPlugin[] {
  const found: LoadedPlugin[] = [];
  for (const value of valuesOf(module)) {
    if (seen.has(value)) continue;
    seen.add(value);
    try {
      found.push(...loadedOf(value));
    } catch (error) {
      onFailure(error);
    }
  }
  return found;
}

/** The plugin that a value is, or a class makes; none where it is neither. */
export function loadedOf(value: unknown): LoadedPlugin[] {
  if (isPlugin(value)) return [{ plugin: value, renew: undefined }];
  if (!isPluginClass(value)) return [];
  const make = (): PluginLike => instanceOf(value);
  return [{ plugin: make(), renew: value.scope === 'request' ? make : undefined }];
}

/** A module itself, its exports, and those of the module that its default export is. */
function valuesOf(module: unknown): unknown[] {
  if (typeof module === 'function') return [module, ...Object.values(module)];
  if (typeof module !== 'object' || module === null) return [];
  const inner: unknown = Reflect.get(module, 'default');
  const members = typeof inner === 'object' && inner !== null ? Object.values(inner) : [];
  return [module, ...Object.values(module), ...members];
}
