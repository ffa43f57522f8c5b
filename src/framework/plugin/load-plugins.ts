import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeThrown, FnError, messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { hasHook, type PluginLike } from './plugin.ts';

/** A plugin that was found. */
export interface LoadedPlugin {
  readonly plugin: PluginLike;
  /** Makes another instance; undefined when one serves all invocations. */
  readonly renew: (() => PluginLike) | undefined;
}

/** Where plugins are looked for. */
export interface PluginSources {
  /** A folder, of which each file or folder with an index is a module. */
  readonly folder: string;
  /** The function's module, whose dependencies may be plugins too. */
  readonly modulePath: string;
  /** Names that hooks were asked of. */
  readonly wanted: readonly string[];
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** Loads all plugins of the folder in its alphabetical order, then those wanted that are packages; OFN-PLUGIN if one is not there. */
export async function loadPlugins({
  folder,
  modulePath,
  wanted,
  log,
}: PluginSources): Promise<Map<string, LoadedPlugin>> {
  const plugins = new Map<string, LoadedPlugin>();
  for (const path of modulesIn(folder)) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    for (const loaded of await pluginsOf(path, log)) add(plugins, loaded, log);
  }
  for (const name of wanted) {
    if (plugins.has(name)) continue;
    // oxlint-disable-next-line no-await-in-loop -- in order
    plugins.set(name, await packagePlugin(name, modulePath, folder));
  }
  // oxlint-disable-next-line no-await-in-loop -- one after the other, as they were loaded
  for (const { plugin } of plugins.values()) await initialise(plugin);
  return plugins;
}

/** Absolute paths; none where there is no folder. */
function modulesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => !entry.isFile() || /(?<!\.d)\.(?:[cm]?js|[cm]?ts)$/.test(entry.name),
    );
    return entries.map(({ name }) => join(folder, name)).toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new FnError(`Couldn't read the folder of plugins ${folder}: ${messageOf(error)}.`, {
      code: 'OFN-PLUGIN',
      hint: 'Set FUNC_PLUGINS_DIR to a folder that can be read.',
      cause: error,
    });
  }
}

/** A module that fails is told of and left out, as in OpenFunction's framework: others of the folder are served. */
async function pluginsOf(path: string, log: PluginSources['log']): Promise<LoadedPlugin[]> {
  try {
    return foundIn(await importModule(createRequire(path).resolve(path)));
  } catch (error) {
    log.error(`Couldn't load the plugin ${path}: ${describeThrown(error)}`);
    return [];
  }
}

async function packagePlugin(name: string, modulePath: string, folder: string): Promise<LoadedPlugin> {
  try {
    const [found] = foundIn(await importModule(createRequire(modulePath).resolve(name)));
    if (found !== undefined) return found;
  } catch (error) {
    throw missing(name, `${folder} has none of that name, and no package of that name can be loaded`, error);
  }
  throw missing(name, `${folder} has none of that name, and the package "${name}" exports none`);
}

function missing(name: string, why: string, cause?: unknown): FnError {
  return new FnError(`Couldn't find the plugin "${name}": ${why}.`, {
    code: 'OFN-PLUGIN',
    hint: `Put it into the folder "plugins" beside the function, add it to "dependencies", or take it out of prePlugins and postPlugins.`,
    cause,
  });
}

/** Also modules with top-level await. */
async function importModule(path: string): Promise<object> {
  const module: unknown = await import(/* webpackIgnore: true */ pathToFileURL(path).href);
  return typeof module === 'object' && module !== null ? module : {};
}

/** Every export that is a plugin or the class of one; what CommonJS exports stands under `default` too. */
function foundIn(module: object): LoadedPlugin[] {
  const inner: unknown = Reflect.get(module, 'default');
  const members = typeof inner === 'object' && inner !== null ? [...Object.values(inner), inner] : [];
  const values: unknown[] = [...Object.values(module), ...members];
  return [...new Set(values)].flatMap((value) => loadedOf(value) ?? []);
}

function loadedOf(value: unknown): LoadedPlugin | undefined {
  if (isPlugin(value)) return { plugin: value, renew: undefined };
  if (!isPluginClass(value)) return undefined;
  const make = (): PluginLike => new value();
  return { plugin: make(), renew: value.scope === 'request' ? make : undefined };
}

function isPlugin(value: unknown): value is PluginLike {
  if (typeof value !== 'object' || value === null || !('name' in value)) return false;
  return typeof value.name === 'string' && value.name.trim() !== '' && hasHooks(value);
}

function isPluginClass(value: unknown): value is { readonly scope?: unknown; new (): PluginLike } {
  if (typeof value !== 'function' || value.name === 'Plugin') return false;
  const { prototype } = value;
  return (
    typeof prototype === 'object' && prototype !== null && ('execPreHook' in prototype || 'execPostHook' in prototype)
  );
}

function hasHooks(value: object): boolean {
  return hasHook(value, 'execPreHook') || hasHook(value, 'execPostHook');
}

function add(plugins: Map<string, LoadedPlugin>, loaded: LoadedPlugin, log: PluginSources['log']): void {
  const { name } = loaded.plugin;
  if (plugins.has(name)) log.warn(`There are several plugins named "${name}"; the last one is used.`);
  if (!hasHooks(loaded.plugin)) log.warn(`Plugin "${name}" has not implemented pre or post hook function.`);
  plugins.set(name, loaded);
}

async function initialise(plugin: PluginLike): Promise<void> {
  try {
    await plugin.init?.();
  } catch (error) {
    throw new FnError(`Couldn't initialise the plugin "${plugin.name}": ${messageOf(error)}`, {
      code: 'OFN-PLUGIN',
      hint: 'Correct what its "init" does, or give it the environment it needs.',
      cause: error,
    });
  }
}
