import { readdir, stat, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isNotOfApp } from '../../project/own-folders.ts';

/** A time of access that no read leaves. */
const NEVER = 0;

/**
 * From now on, sees which files of a folder are read, by whatever program, and gives a function that tells their paths,
 * relative to it. File systems write down when a file was read last, also those mounted with `relatime`
 * (https://man7.org/linux/man-pages/man8/mount.8.html): all times are set back here. Nothing is told where they do not
 * (`noatime`), or where the files are another user's.
 */
export async function watchReads(
  folder: string,
  isWatched: (path: string) => boolean,
): Promise<() => Promise<readonly string[]>> {
  const watched: string[] = [];
  for await (const path of filesIn(folder)) {
    if (isWatched(relative(folder, path)) && (await isSetBack(path))) watched.push(path);
  }
  return async () => {
    const read: string[] = [];
    for (const path of watched) if (await wasRead(path)) read.push(relative(folder, path));
    return read;
  };
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && !isNotOfApp(entry.name)) yield* filesIn(path);
  }
}

async function isSetBack(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path);
  return utimes(path, NEVER, mtimeMs / 1000).then(
    () => true,
    () => false,
  );
}

/** What is there no more counts as read: something has moved or removed it. */
async function wasRead(path: string): Promise<boolean> {
  return stat(path).then(
    ({ atimeMs }) => atimeMs !== NEVER,
    () => true,
  );
}
