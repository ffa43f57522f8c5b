import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';

/** Path of a file, folder or link of an app, relative to the app, to what it is. */
export type AppFiles = ReadonlyMap<string, string>;

/** What says nothing of what is built: the same files can be of many commits. */
const HISTORY = '.git';
const OWNER_RUNS = 0o100;

/**
 * Reads all of an app but its history and `without`, paths in it: what there is, in order, with links' targets and
 * files' digests. Of modes only what an image gets counts: whether a file can be run.
 */
export async function readAppFiles(appDir: string, without: ReadonlySet<string>): Promise<AppFiles> {
  const files = new Map<string, string>();
  await readFolder({ appDir, without, files }, '');
  return files;
}

/** SHA-256 of all that was read, in hex. */
export function digestOfFiles(files: AppFiles): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex');
}

interface Reading {
  readonly appDir: string;
  readonly without: ReadonlySet<string>;
  readonly files: Map<string, string>;
}

async function readFolder(reading: Reading, folder: string): Promise<void> {
  const { appDir, without, files } = reading;
  const entries = await readdir(join(appDir, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => byCodeUnits(a.name, b.name))) {
    const path = join(folder, entry.name);
    const isUnread = entry.name === HISTORY || without.has(path);
    if (isUnread) continue;
    if (entry.isDirectory()) {
      files.set(path, 'folder');
      await readFolder(reading, path);
    } else if (entry.isSymbolicLink()) {
      files.set(path, `link ${await readlink(join(appDir, path))}`);
    } else if (entry.isFile()) {
      files.set(path, await describeFile(join(appDir, path)));
    }
  }
}

async function describeFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  const kind = (await lstat(path)).mode & OWNER_RUNS ? 'program' : 'file';
  return `${kind} ${hash.digest('hex')}`;
}
