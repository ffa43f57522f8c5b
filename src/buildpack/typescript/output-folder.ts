import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { isInside } from '../../base/inside.ts';
import { pluginModules } from '../../base/plugin-modules.ts';
import type { Link } from './made-source.ts';
import { isTypeScript } from './obstacle.ts';

/** What a compiler did. */
export interface Written {
  /** Absolute paths of all that it wrote. */
  readonly emitted: readonly string[];
  /** The JavaScript of each module, by absolute paths. */
  readonly made: ReadonlyMap<string, string>;
}

/**
 * Removes modules of plugins from a folder that a compiler writes to, where it has not made them now: they are of sources
 * that are gone. Gives their absolute paths. Nothing is removed from a folder that has sources as well: it may be written by hand.
 */
export async function removeLeftovers(folder: string, { emitted, made }: Written): Promise<readonly string[]> {
  const modules = (await pluginModules(folder)) ?? [];
  const sources = [...made.keys(), ...modules.filter(isTypeScript)];
  if (sources.some((path) => isInside(folder, path))) return [];
  const written = new Set(emitted);
  const leftovers = modules.filter((path) => !written.has(path));
  await Promise.all(leftovers.map((path) => rm(path)));
  return leftovers;
}

/** Puts links to what was made elsewhere into a folder of plugins, but where it is there already by a link to its folder. */
export async function putLinks(links: readonly Link[]): Promise<void> {
  for (const { path, target } of links) {
    if (existsSync(path)) continue;
    await mkdir(dirname(path), { recursive: true });
    await symlink(relative(dirname(path), target), path);
  }
}
