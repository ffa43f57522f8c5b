import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { describe, kindOfFile, type AppFiles, type Kind } from './app-files.ts';

/** What a build made of the app's folder: added, written anew and removed. Paths are relative to the app, sorted. */
export interface MadeFiles {
  readonly removed: readonly string[];
  readonly added: readonly MadeFile[];
}

/** Something at a path that was not there before, or was another. */
export interface MadeFile {
  readonly path: string;
  readonly kind: Kind;
  /** The bytes of a file, the target of a link, nothing of a folder. */
  readonly content: Buffer;
}

/** The paths that are no more, and those where something is that was not. */
export interface Changes {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Compares an app with what became of it. */
export function changesBetween(given: AppFiles, now: AppFiles): Changes {
  return {
    removed: [...given.keys()].filter((path) => !now.has(path)).toSorted(byCodeUnits),
    added: [...now.keys()].filter((path) => now.get(path) !== given.get(path)).toSorted(byCodeUnits),
  };
}

/** Reads what was made; where that has more than `most` bytes, it gives how many. */
export async function readMade(appDir: string, { removed, added }: Changes, most: number): Promise<MadeFiles | number> {
  let bytes = 0;
  for (const path of added) {
    const stat = await lstat(join(appDir, path));
    // The size of a folder is the file system's own.
    if (stat.isFile()) bytes += stat.size;
  }
  if (bytes > most) return bytes;
  const files: MadeFile[] = [];
  for (const path of added) files.push({ path, ...(await readOne(join(appDir, path))) });
  return { removed, added: files };
}

async function readOne(file: string): Promise<Omit<MadeFile, 'path'>> {
  const stat = await lstat(file);
  if (stat.isDirectory()) return { kind: 'folder', content: Buffer.alloc(0) };
  if (stat.isSymbolicLink()) return { kind: 'link', content: Buffer.from(await readlink(file)) };
  return { kind: kindOfFile(stat), content: await readFile(file) };
}

/**
 * An app as it is with what was made of it. Undefined where that can't be of this app: something lies outside of it,
 * behind a link, or in what is not there.
 */
export function withMade(given: AppFiles, { removed, added }: MadeFiles): AppFiles | undefined {
  const files = new Map(given);
  for (const path of removed) if (!files.delete(path)) return undefined;
  for (const { path, kind, content } of added) files.set(path, describe(path, kind, content));
  return [...files.keys()].every((path) => isOfApp(path, files)) ? files : undefined;
}

/** A path in the app whose folder, by the same rule, is a real one of the app. */
function isOfApp(path: string, files: AppFiles): boolean {
  if (path.includes('\0') || path.split(sep).some((name) => ['', '.', '..'].includes(name))) return false;
  const folder = dirname(path);
  return folder === '.' || files.get(folder) === 'folder';
}

/** Makes of an app's folder what an earlier build made of it; `withMade` has shown that this can be. */
export async function putMade(appDir: string, given: AppFiles, { removed, added }: MadeFiles): Promise<void> {
  const replaced = added.filter(({ path }) => given.has(path)).map(({ path }) => path);
  for (const path of [...removed, ...replaced]) await rm(join(appDir, path), { recursive: true, force: true });
  for (const { path, kind, content } of added) {
    const place = join(appDir, path);
    if (kind === 'folder') await mkdir(place);
    else if (kind === 'link') await symlink(content.toString(), place);
    // Nothing is written through what is there all the same.
    else await writeFile(place, content, { flag: 'wx', mode: kind === 'program' ? 0o755 : 0o644 });
  }
}
