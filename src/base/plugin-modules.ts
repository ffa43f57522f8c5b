import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { moduleAt } from './module-entry.ts';
import { byCodeUnits } from './order.ts';
import { isFolder } from './path-kind.ts';

const MODULE = /\.[cm]?[jt]s$/;
const INDEX = /^index\.[cm]?[jt]s$/;
/** Types, what configures tools, such as vitest.config.ts, and what begins with a dot. */
const NO_MODULE = /^\.|\.(?:d|config)\.[cm]?[jt]s$/;
/** What runners of tests take by themselves: `node --test`, Vitest and Jest. */
const TEST = /^(?:test|test-.*|.*[-_.]test|.*\.spec)\.[cm]?[jt]s$/;
/** Folders that have no plugin as their index. */
const NO_FOLDER = /^(?:\..*|node_modules|tests?|__tests__)$/;

/**
 * The modules that may have plugins of APISIX, absolute and in the order of their names: one file, or those that lie in a
 * folder or are the index of a folder there. TypeScript is none where JavaScript that was made of it lies beside it, and neither are tests. Links
 * count as what they lead to; undefined where nothing is at `path`, with or without its suffix.
 */
export async function pluginModules(path: string): Promise<readonly string[] | undefined> {
  if (!isFolder(path)) {
    const file = moduleAt(path);
    return file === undefined ? undefined : [file];
  }
  const names = modulesAmong(await readdir(path));
  return (await Promise.all(names.map((name) => modulesAt(path, name)))).flat();
}

/** A module of a folder, or the index of a folder in it. */
async function modulesAt(folder: string, name: string): Promise<readonly string[]> {
  const path = join(folder, name);
  // One that leads nowhere fails where it is loaded.
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return MODULE.test(name) ? [path] : [];
  if (!found.isDirectory() || NO_FOLDER.test(name)) return [];
  const index = modulesAmong(await readdir(path)).find((each) => INDEX.test(each));
  return index === undefined ? [] : [join(path, index)];
}

/** The names of a folder without those of files that are no modules, sorted. */
function modulesAmong(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  const isSource = (name: string): boolean => all.has(name.replace(/(?<=\.[cm]?)ts$/, 'js')) && /\.[cm]?ts$/.test(name);
  return names.filter((name) => !NO_MODULE.test(name) && !TEST.test(name) && !isSource(name)).toSorted(byCodeUnits);
}
