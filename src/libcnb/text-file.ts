import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FnError, messageOf } from '../base/error.ts';

/** What is done to a file. */
type Act = 'read' | 'remove' | 'write';

/** Largest file read, in bytes: the spec's files are lists of a few names. */
const LIMIT = 4 * 1024 * 1024;

/** Largest file read that holds the value of a variable. */
const VARIABLE_LIMIT = 1024 * 1024;

/** What the system says where a volume has no room left, be it for bytes or for files. */
const FULL = /ENOSPC|EDQUOT|No space left|Disk quota exceeded/;

/** A failure with one of the spec's files. */
export function fileError(act: Act, path: string, what: string, cause?: unknown): FnError {
  return new FnError(`Couldn't ${act} ${path}: ${what}.`, {
    code: 'OFN-CNB-FILE',
    hint: FULL.test(what)
      ? 'The volume is full: give the build more space, or the app less to install.'
      : 'The Buildpacks specification says what belongs there: https://github.com/buildpacks/spec/blob/main/buildpack.md',
    cause,
  });
}

/** Why a file could not be read, in words. */
export function faultOf(error: unknown): string {
  return hasCode(error, 'EISDIR') ? 'it is a folder' : messageOf(error);
}

/** Whether a file or folder was not found. */
export function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ENOTDIR');
}

/** Whether something could not be changed because it is another user's. */
export function isOfAnother(error: unknown): boolean {
  return hasCode(error, 'EPERM');
}

/** Reads a text file that must be there. */
export async function readText(path: string, limit: number = LIMIT): Promise<string> {
  return attempt('read', path, () => readBounded(path, limit));
}

/** Reads a text file; undefined when there is none. */
export async function readTextIfPresent(path: string): Promise<string | undefined> {
  return attempt('read', path, () => unlessAbsent(readBounded(path, LIMIT)));
}

/** The values of variables that are the files of a folder, by file name; what is no file is passed over. */
export async function readValues(folder: string): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const info = await attempt('read', path, () => stat(path));
    if (info.isFile()) values.set(name, await readText(path, VARIABLE_LIMIT));
  }
  return values;
}

/** The names in a folder, sorted; none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = (await attempt('read', folder, () => unlessAbsent(readdir(folder)))) ?? [];
  return names.toSorted();
}

/** Whether there is a folder, or something else; undefined when there is nothing. */
export async function kindOf(path: string): Promise<'folder' | 'other' | undefined> {
  const info = await attempt('read', path, () => unlessAbsent(stat(path)));
  if (info === undefined) return undefined;
  return info.isDirectory() ? 'folder' : 'other';
}

/** Writes a text file, or one of bytes, and the folders above it. */
export async function writeText(path: string, text: string | Buffer, mode = 0o644): Promise<void> {
  await attempt('write', path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode });
  });
}

/** Makes a folder and those above it, where they are missing. */
export async function makeFolder(path: string): Promise<void> {
  await attempt('write', path, () => mkdir(path, { recursive: true }));
}

/** Removes a file or a folder with all it holds, if there is one. */
export async function removeAll(path: string): Promise<void> {
  await attempt('remove', path, () => rm(path, { recursive: true, force: true }));
}

async function readBounded(path: string, limit: number): Promise<string> {
  const tooLarge = `it is larger than ${limit} bytes`;
  const info = await stat(path);
  if (info.isFile() && info.size > limit) throw fileError('read', path, tooLarge);
  const bytes = await readFile(path);
  if (bytes.length > limit) throw fileError('read', path, tooLarge);
  return bytes.toString('utf8');
}

async function attempt<T>(act: Act, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof FnError ? error : fileError(act, path, faultOf(error), error);
  }
}

async function unlessAbsent<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
