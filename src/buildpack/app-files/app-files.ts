import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { recordableFile } from '../bindings/recordable.ts';

/** Path of a file, folder or link of an app, relative to the app, to what it is, as `describe` says it. */
export type AppFiles = ReadonlyMap<string, string>;

/** What can be at a path: a program is a file that can be run. */
export const KINDS = ['folder', 'link', 'file', 'program'] as const;
export type Kind = (typeof KINDS)[number];

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

/** SHA-256 of all that was read, in hex, in whatever order. */
export function digestOfFiles(files: AppFiles): string {
  return createHash('sha256')
    .update(JSON.stringify([...files].toSorted(([a], [b]) => byCodeUnits(a, b))))
    .digest('hex');
}

/** What something is that may be at a path: of a file `content` are its bytes, of a link its target. */
export function describe(path: string, kind: Kind, content: Buffer): string {
  if (kind === 'folder') return kind;
  if (kind === 'link') return `${kind} ${content.toString()}`;
  const read = recordableFile(path);
  return describeFile(kind, createHash('sha256').update(read === undefined ? content : read(content.toString())));
}

/** The kind of a file by its mode. */
export function kindOfFile({ mode }: { readonly mode: number }): Kind {
  return mode & OWNER_RUNS ? 'program' : 'file';
}

/** Whether a path is one of those that are read. */
export function isRead(path: string, without: ReadonlySet<string>): boolean {
  return !path.split(sep).includes(HISTORY) && ![...without].some((one) => path === one || path.startsWith(one + sep));
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
    if (!isRead(path, without)) continue;
    if (entry.isDirectory()) {
      files.set(path, 'folder');
      await readFolder(reading, path);
    } else if (entry.isSymbolicLink()) {
      files.set(path, `link ${await readlink(join(appDir, path))}`);
    } else if (entry.isFile()) {
      files.set(path, await readFileAt(appDir, path));
    }
  }
}

async function readFileAt(appDir: string, path: string): Promise<string> {
  const file = join(appDir, path);
  const kind = kindOfFile(await lstat(file));
  if (recordableFile(path) !== undefined) return describe(path, kind, await readFile(file));
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file)) hash.update(bytes);
  return describeFile(kind, hash);
}

function describeFile(kind: Kind, hash: Hash): string {
  return `${kind} ${hash.digest('hex')}`;
}
