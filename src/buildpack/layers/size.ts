import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { foldersIn } from '../../base/folders.ts';
import { STORES } from '../project/package-stores.ts';

/** Bytes of the files below a folder; links are not followed. 0 where there is no folder. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return bytesIn(path);
    return entry.isFile() ? (await lstat(path)).size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** A part of an image. */
export interface Part {
  readonly name: string;
  readonly bytes: number;
}

/** The packages of a node_modules, the largest first. */
export async function packagesIn(nodeModules: string): Promise<readonly Part[]> {
  const folders: string[] = [];
  for (const name of await foldersIn(nodeModules)) {
    if (STORES.has(name) || name.startsWith('@'))
      folders.push(...(await foldersIn(join(nodeModules, name))).map((one) => join(name, one)));
    else if (!name.startsWith('.')) folders.push(name);
  }
  const parts = folders.map(async (name) => ({
    name: isInStore(name) ? basename(name) : name,
    bytes: await bytesIn(join(nodeModules, name)),
  }));
  return largestFirst(await Promise.all(parts));
}

function isInStore(name: string): boolean {
  return STORES.has(dirname(name));
}

/** Sorted by size. */
export function largestFirst(parts: readonly Part[]): readonly Part[] {
  return parts.toSorted((one, other) => other.bytes - one.bytes);
}

/** A size as people read it. */
export function describeBytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
