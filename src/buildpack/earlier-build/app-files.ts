import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { recordableFile } from '../bindings/recordable.ts';

/** Path of a file, folder or link of an app, relative to the app, to what it is. */
export type AppFiles = ReadonlyMap<string, string>;

/** What says nothing of what is built: the same files can be of many commits. */
const HISTORY = '.git';
const OWNER_RUNS = 0o100;

/**
 * Reads all of an app but its history and `without`, paths in it: what there is, in order, with links' targets and
 * files' digests, which do not depend on secrets. Of modes only what an image gets counts: whether a file can be run.
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
      files.set(path, await describeFile(appDir, path));
    }
  }
}

async function describeFile(appDir: string, path: string): Promise<string> {
  const file = join(appDir, path);
  const hash = createHash('sha256');
  const read = recordableFile(path);
  if (read !== undefined) hash.update(read(await readFile(file, 'utf8')));
  else for await (const bytes of createReadStream(file)) hash.update(bytes);
  const kind = (await lstat(file)).mode & OWNER_RUNS ? 'program' : 'file';
  return `${kind} ${hash.digest('hex')}`;
}
