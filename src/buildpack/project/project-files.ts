import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import type { Log } from '../../base/log.ts';
import { namedInApp } from './app-file.ts';
import { matchesPatterns } from '../config/path-patterns.ts';
import { readProjectToml, type ProjectDescriptor } from '../config/project-toml.ts';

/** Keeps out of the build what project.toml says, and tells of it. */
export async function excludeFiles(appDir: string, log: Log): Promise<void> {
  const removed = await removeExcluded(appDir, await namedInApp(appDir, () => readProjectToml(appDir)));
  if (removed.length > 0) log.info(`Left out, as project.toml says: ${listOf(removed)}`);
}

/**
 * Removes from the app what project.toml keeps out of builds, and gives the paths, sorted. After `pack`, which did so
 * before the build, there is nothing to remove.
 */
export async function removeExcluded(
  appDir: string,
  { exclude, include }: Pick<ProjectDescriptor, 'exclude' | 'include'>,
): Promise<readonly string[]> {
  if (exclude.length > 0) return removeFrom(appDir, (path) => matchesPatterns(exclude, path));
  if (include.length > 0) return removeFrom(appDir, (path) => !matchesPatterns(include, path));
  return [];
}

async function removeFrom(appDir: string, isOut: (path: string) => boolean, below = ''): Promise<string[]> {
  const removed: string[] = [];
  const entries = await readdir(join(appDir, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => byCodeUnits(a.name, b.name))) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) {
      removed.push(...(await removeFrom(appDir, isOut, path)));
      if (isOut(path) && (await readdir(join(appDir, path))).length === 0) await rmdir(join(appDir, path));
    } else if (isOut(path)) {
      await rm(join(appDir, path));
      removed.push(path);
    }
  }
  return removed;
}

const SHOWN_PATHS = 10;

/** The first of many paths, and how many more there are. */
function listOf(paths: readonly string[]): string {
  const more = paths.length - SHOWN_PATHS;
  return paths.slice(0, SHOWN_PATHS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
