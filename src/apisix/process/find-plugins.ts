import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { FnError, messageOf } from '../../base/error.ts';
import { isFile } from '../../base/path-kind.ts';
import { pluginModules } from '../../base/plugin-modules.ts';
import type { Plugin } from '../plugin.ts';
import { faultOf, isPlugin, looksLikePlugin } from '../plugins-by-name.ts';
import type { LoadingHints } from './loading-hints.ts';

/** What was found at a path. */
export interface FoundPlugins {
  readonly plugins: readonly Plugin[];
  /** The paths of modules that export none, such as what others import. */
  readonly without: readonly string[];
}

/** For whom plugins are loaded. */
export interface PluginLoading {
  /** The path of Node.js. */
  readonly node: string;
  readonly hints: LoadingHints;
}

/**
 * The plugins that modules export, in the order of their names: those of `pluginModules`. OFN-APISIX-PLUGIN for a module that
 * can't be loaded or exports what is no plugin but looks like one, and where no module exports any.
 */
export async function findPlugins(path: string, loading: PluginLoading): Promise<FoundPlugins> {
  const files = await pluginModules(resolve(path)).catch((error: unknown) => {
    throw unusable(path, messageOf(error), 'Let whoever starts it read the folder, and those in it.');
  });
  if (files === undefined) throw unusable(path, 'there is no such file or folder', loading.hints.path);
  const places = new Map<Plugin, string>();
  const without: string[] = [];
  for (const file of files) {
    const found = await pluginsOf(file, loading);
    for (const plugin of found) if (!places.has(plugin)) places.set(plugin, file);
    if (found.length === 0) without.push(file);
  }
  if (places.size === 0) throw nonePlugin(path, without, loading);
  refuseSameNames(places);
  return { plugins: [...places.keys()], without };
}

function refuseSameNames(places: ReadonlyMap<Plugin, string>): void {
  const seen = new Map<string, string>();
  for (const [{ name }, file] of places) {
    const other = seen.get(name);
    seen.set(name, file);
    if (other === undefined) continue;
    throw new FnError(`Couldn't take two plugins named "${name}": one is of ${other}, the other of ${file}.`, {
      code: 'OFN-APISIX-PLUGIN',
      hint: 'Give one of them another name; where a compiler has made one of the other, name the folder of one of them alone.',
    });
  }
}

function nonePlugin(path: string, modules: readonly string[], { hints }: PluginLoading): FnError {
  const [first] = modules;
  if (first === undefined) return unusable(path, 'there is no module in it', `${MODULES_HINT} ${hints.path}`);
  if (modules.length === 1) return unusable(first, 'it exports no plugin', EXPORT_HINT);
  return unusable(path, `none of its ${modules.length} modules exports a plugin`, EXPORT_HINT);
}

const MODULES_HINT =
  'Modules such as quota.js or quota.ts count that lie in it, and the index of a folder there; tests and types do not.';
const EXPORT_HINT =
  "Export a plugin, by any name: `export const quota = definePlugin({ name: 'quota', ... })`; with CommonJS `exports.quota = ...`.";

async function pluginsOf(file: string, loading: PluginLoading): Promise<Plugin[]> {
  if (!isFile(file)) throw unusable(file, 'it is a link that leads nowhere', 'Correct the link, or remove it.');
  const exported = Object.entries(Object(await load(file, loading)));
  const meant = exported.flatMap(([name, value]): Export[] =>
    isWhole(name, value) ? withOwn(name, value) : [[name, value]],
  );
  for (const [name, value] of meant) {
    const fault = looksLikePlugin(value) ? faultOf(value) : undefined;
    if (fault !== undefined) throw unusable(file, `its "${name}" ${fault}`, BROKEN_HINT);
  }
  const all = exported.flatMap(([name, value]) => withOwn(name, value));
  return [...new Set(all.map(([, value]) => value).filter(isPlugin))];
}

const BROKEN_HINT =
  'Correct it, or make it with `definePlugin` in TypeScript, which tells of it while it is written; what is no plugin takes other names for its members.';

async function load(file: string, { node, hints }: PluginLoading): Promise<unknown> {
  try {
    return await import(/* webpackIgnore: true */ pathToFileURL(file).href);
  } catch (error) {
    // A start does not pay for what only a failure needs.
    const { describeLoadFailure } = await import('../../base/load-failure.ts');
    const found = describeLoadFailure(error, { modulePath: file, node, hints });
    if (found instanceof FnError) throw found;
    const { detail, hint } = found;
    throw new FnError(`Couldn't load plugins: ${detail}`, { code: 'OFN-APISIX-PLUGIN', hint, cause: error });
  }
}

type Export = readonly [name: string, value: unknown];

/** Whether an export is all that a CommonJS module exports, whose members are its exports. */
function isWhole(name: string, value: unknown): boolean {
  return (name === 'default' || name === 'module.exports') && !Array.isArray(value);
}

/** A value that is or looks like a plugin, or else what it has. */
function withOwn(name: string, value: unknown): Export[] {
  if (typeof value !== 'object' || value === null || looksLikePlugin(value)) return [[name, value]];
  return Object.entries(value);
}

function unusable(path: string, why: string, hint: string): FnError {
  return new FnError(`Couldn't load plugins from ${path}: ${why}.`, { code: 'OFN-APISIX-PLUGIN', hint });
}
