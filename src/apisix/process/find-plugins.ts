import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { byCodeUnits } from '../../base/order.ts';
import { FnError, messageOf } from '../../base/error.ts';
import type { Plugin } from '../plugin.ts';
import { isPlugin } from '../plugins-by-name.ts';

const MODULE = /\.[cm]?[jt]s$/;
const NO_MODULE = /\.(?:test|spec|d)\.[cm]?[jt]s$/;

/**
 * The plugins that modules export, in the order of their names: of one file, or of those that lie in a folder or are the
 * index of a folder there. OFN-APISIX-PLUGIN for a module that can't be loaded or exports no plugin.
 */
export async function findPlugins(path: string): Promise<Plugin[]> {
  const found: Plugin[] = [];
  for (const file of await modulesIn(resolve(path))) found.push(...(await pluginsOf(file)));
  if (found.length > 0) return found;
  throw unusable(path, 'there is no module in it');
}

async function modulesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw unusable(path, messageOf(error), error);
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries
    .toSorted((a, b) => byCodeUnits(a.name, b.name))
    .map(async (entry) => {
      if (entry.isFile()) return isModule(entry.name) ? [join(path, entry.name)] : [];
      if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
      const names = await readdir(join(path, entry.name));
      const index = names.find((name) => /^index\.[cm]?[jt]s$/.test(name));
      return index === undefined ? [] : [join(path, entry.name, index)];
    });
  return (await Promise.all(files)).flat();
}

function isModule(name: string): boolean {
  return MODULE.test(name) && !NO_MODULE.test(name);
}

async function pluginsOf(file: string): Promise<Plugin[]> {
  let module: unknown;
  try {
    module = await import(/* webpackIgnore: true */ pathToFileURL(file).href);
  } catch (error) {
    throw unusable(file, messageOf(error), error);
  }
  const plugins = new Set(Object.values(Object(module)).flatMap(withOwn).filter(isPlugin));
  if (plugins.size > 0) return [...plugins];
  throw unusable(file, 'it exports no plugin');
}

/** A value and, as CommonJS modules come as one, what it has. */
function withOwn(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null && !isPlugin(value) ? Object.values(value) : [value];
}

function unusable(path: string, why: string, cause?: unknown): FnError {
  return new FnError(`Couldn't load plugins from ${path}: ${why}.`, {
    code: 'OFN-APISIX-PLUGIN',
    hint: 'Export plugins made by `definePlugin` from the modules of that folder, and install what they import.',
    cause,
  });
}
