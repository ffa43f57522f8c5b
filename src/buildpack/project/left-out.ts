import { readdir, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { isTaken } from '../dependencies/node-modules.ts';
import { REGISTRY_FILES } from './registry-files.ts';

/** What an app has for people and for package managers, not for the function: history, and settings that may hold a token. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', ...REGISTRY_FILES]);

/** What the root of an app has for platforms: it says how to build, and its variables may be secrets. */
export const OF_PLATFORMS: readonly string[] = ['project.toml'];

/** Whether a path of the app is, or lies in, what an image does not get; `more` are such paths of the app's own. */
export function isLeftOut(path: string, more: readonly string[]): boolean {
  const names = path.split(sep);
  const installed = names.indexOf('node_modules');
  const outside = installed === -1 ? names : names.slice(0, installed);
  return (
    outside.some((name) => LEFT_OUT.has(name)) ||
    [...OF_PLATFORMS, ...more].some((one) => path === one || path.startsWith(one + sep))
  );
}

/** Removes what a project of the app has for its package manager alone, where it is there, and gives the paths. */
export async function leaveOutOfProject(appDir: string, project: string, names: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const name of names) if (await isTaken(join(appDir, project, name))) paths.push(join(project, name));
  for (const path of paths) await rm(join(appDir, path), { recursive: true });
  return paths;
}

/** Removes from the app what must not be in an image, at any depth but in node_modules, and gives the paths, sorted. */
export async function leaveOut(appDir: string, below = ''): Promise<string[]> {
  const removed: string[] = [];
  const entries = await readdir(join(appDir, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => byCodeUnits(a.name, b.name))) {
    const path = join(below, entry.name);
    if (LEFT_OUT.has(entry.name)) {
      await rm(join(appDir, path), { recursive: true, force: true });
      removed.push(path);
    } else if (entry.isDirectory() && entry.name !== 'node_modules') {
      removed.push(...(await leaveOut(appDir, path)));
    }
  }
  return removed;
}
