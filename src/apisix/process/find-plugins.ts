import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { byCodeUnits } from '../../base/order.ts';
import { FnError, messageOf } from '../../base/error.ts';
import type { Plugin } from '../plugin.ts';
import { isPlugin, looksLikePlugin } from '../plugins-by-name.ts';

const MODULE = /\.[cm]?[jt]s$/;
/** Tests, types, and what configures tools, such as vitest.config.ts. */
const NO_MODULE = /\.(?:test|spec|d|config)\.[cm]?[jt]s$/;

/** What was found at a path. */
export interface FoundPlugins {
  readonly plugins: readonly Plugin[];
  /** The paths of modules that export none, such as what others import. */
  readonly without: readonly string[];
}

/**
 * The plugins that modules export, in the order of their names: of one file, or of those that lie in a folder or are the
 * index of a folder there. OFN-APISIX-PLUGIN for a module that can't be loaded or exports what is no plugin but looks
 * like one, and where no module exports any.
 */
export async function findPlugins(path: string): Promise<FoundPlugins> {
  const plugins: Plugin[] = [];
  const without: string[] = [];
  for (const file of await modulesIn(resolve(path))) {
    const found = await pluginsOf(file);
    plugins.push(...found);
    if (found.length === 0) without.push(file);
  }
  if (plugins.length > 0) return { plugins, without };
  throw unusable(without.length === 1 ? String(without[0]) : path, whyNone(without.length));
}

function whyNone(modules: number): string {
  if (modules === 0) return 'there is no module in it';
  return modules === 1 ? 'it exports no plugin' : `none of its ${modules} modules exports a plugin`;
}

async function modulesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw unusable(path, messageOf(error), error);
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).toSorted(byCodeUnits);
  return (await Promise.all(names.map((name) => modulesAt(path, name)))).flat();
}

/** A module of a folder, or the index of a folder in it. Links count as what they lead to. */
async function modulesAt(folder: string, name: string): Promise<string[]> {
  const path = join(folder, name);
  // One that leads nowhere fails where it is loaded.
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return isModule(name) ? [path] : [];
  if (!found.isDirectory() || name === 'node_modules' || name.startsWith('.')) return [];
  const index = (await readdir(path)).find((each) => /^index\.[cm]?[jt]s$/.test(each));
  return index === undefined ? [] : [join(path, index)];
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
  const exported = Object.entries(Object(module)).flatMap(([name, value]) => withOwn(name, value));
  const broken = exported.find(([, value]) => !isPlugin(value) && looksLikePlugin(value));
  if (broken !== undefined) {
    throw unusable(file, `"${broken[0]}" has no name, or something else than a function for one of its members`);
  }
  return [...new Set(exported.map(([, value]) => value).filter(isPlugin))];
}

type Export = readonly [name: string, value: unknown];

/** A value and, as CommonJS modules come as one, what it has. */
function withOwn(name: string, value: unknown): Export[] {
  const isWhole = typeof value !== 'object' || value === null || isPlugin(value) || looksLikePlugin(value);
  return isWhole ? [[name, value]] : Object.entries(value);
}

function unusable(path: string, why: string, cause?: unknown): FnError {
  return new FnError(`Couldn't load plugins from ${path}: ${why}.`, {
    code: 'OFN-APISIX-PLUGIN',
    hint: 'Export plugins made by `definePlugin` from the modules of that folder, and install what they import.',
    cause,
  });
}
