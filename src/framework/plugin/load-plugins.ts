import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describeThrown, FnError, messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { entryOf } from '../../base/module-entry.ts';
import { importModule } from '../import-module.ts';
import { findPlugins, type LoadedPlugin } from './find-plugins.ts';
import { packagePlugin } from './package-plugin.ts';
import { hasHooks, type PluginLike } from './plugin.ts';

/** Plugins by the names they are listed by, in the order they were loaded. */
export type LoadedPlugins = ReadonlyMap<string, LoadedPlugin>;

/** Where plugins are looked for. */
export interface PluginSources {
  /** A folder, of which each file or folder with an index is a module. */
  readonly folder: string;
  /** Somebody named the folder, so that it has to be there. */
  readonly isNamed: boolean;
  /** The function's module, whose dependencies may be plugins too. */
  readonly modulePath: string;
  /** Names that hooks were asked of. */
  readonly wanted: readonly string[];
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/**
 * Loads all plugins of the folder in its alphabetical order, then those wanted that are packages; OFN-PLUGIN if one is
 * not there. A module of the folder that fails is told of and left out, as in OpenFunction's framework.
 */
export async function loadPlugins(sources: PluginSources): Promise<LoadedPlugins> {
  const { modulePath, wanted, log } = sources;
  const plugins = new Map<string, LoadedPlugin>();
  const seen = new Set<unknown>();
  for (const path of modulesIn(sources)) {
    for (const loaded of await pluginsOf(path, seen, log)) add(plugins, loaded.plugin.name, loaded, log);
  }
  const ofFolder = [...plugins.keys()];
  for (const name of wanted) {
    if (plugins.has(name)) continue;
    add(plugins, name, await packagePlugin(name, { ...sources, modulePath, ofFolder }), log);
  }
  return plugins;
}

/** Awaits the `init` of plugins, one after the other; OFN-PLUGIN when one fails. Those of one call have theirs in it. */
export async function initPlugins(plugins: LoadedPlugins): Promise<void> {
  for (const { plugin, renew } of plugins.values()) if (renew === undefined) await initialise(plugin);
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

const MODULE = /(?<!\.d)\.[cm]?[jt]s$/;

/** Absolute paths; none where there is no folder and nobody named one. */
function modulesIn({ folder, isNamed, log }: PluginSources): string[] {
  try {
    const names = readdirSync(folder).toSorted();
    return names.flatMap((name) => moduleAt(folder, name, names) ?? []);
  } catch (error) {
    if (isNamed) throw unreadable(folder, error);
    if (!isMissing(error)) log.error(`Fail to load plugins: ${messageOf(error)}`);
    return [];
  }
}

/** Undefined for other files, folders without an index, and TypeScript whose JavaScript is there too. */
function moduleAt(folder: string, name: string, names: readonly string[]): string | undefined {
  if (name.startsWith('.') || name === 'node_modules') return undefined;
  const path = join(folder, name);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return entryOf(path);
  const isSource = /\.[cm]?ts$/.test(name) && names.includes(name.replace(/ts$/, 'js'));
  return MODULE.test(name) && !isSource ? path : undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unreadable(folder: string, cause: unknown): FnError {
  return new FnError(`Couldn't read the folder of plugins ${folder}: ${messageOf(cause)}.`, {
    code: 'OFN-PLUGIN',
    hint: 'Set FUNC_PLUGINS_DIR to a folder that can be read, or leave it out.',
    cause,
  });
}

async function pluginsOf(path: string, seen: Set<unknown>, log: PluginSources['log']): Promise<LoadedPlugin[]> {
  const tell = (error: unknown): void => log.error(loadFailure(path, error));
  try {
    return findPlugins(await importModule(path), seen, tell);
  } catch (error) {
    tell(error);
    return [];
  }
}

/** The first line is OpenFunction's, as it is written there: tools look for it. */
function loadFailure(path: string, error: unknown): string {
  return `Provided module cannot be loaded. Plesae make sure your module extend Plugin class properly.
Couldn't load the plugin ${path}; it is left out.
Detailed stack trace: ${describeThrown(error)}`;
}

function add(plugins: Map<string, LoadedPlugin>, name: string, loaded: LoadedPlugin, log: PluginSources['log']): void {
  if (plugins.has(name)) log.warn(`There are several plugins named "${name}"; the last one is used.`);
  if (!hasHooks(loaded.plugin)) log.warn(`Plugin "${name}" has not implemented pre or post hook function.`);
  plugins.set(name, loaded);
}
