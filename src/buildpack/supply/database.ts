import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FnError, messageOf } from '../../base/error.ts';
import type { Advisory } from './advisory.ts';
import { readRecord, type OsvRecord } from './osv.ts';

/** How many files are read at once: a database of npm's has some hundred thousands of a few kilobytes. */
const AT_ONCE = 64;

/** A database of advisories that was brought along. */
export interface Database {
  /** Who brought it, for logs. */
  readonly source: string;
  /** Its files and folders. */
  readonly paths: readonly string[];
}

/** What a database says of some packages. */
export interface Answer {
  readonly advisories: readonly Advisory[];
  /** How many records it has, of all packages. */
  readonly records: number;
  /** The day on which the newest of them changed, as in 2026-11-21. */
  readonly newest: string;
}

/**
 * Reads what a database says of packages, by their names: JSON files of one record or an array of them, in folders of any
 * depth. OFN-CONFIG when there is none, or one that is broken: a check against nothing would pass.
 */
export async function askDatabase({ source, paths }: Database, names: ReadonlySet<string>): Promise<Answer> {
  const files = (await Promise.all(paths.map((path) => filesIn(source, path)))).flat();
  const advisories: Advisory[] = [];
  let [records, newest] = [0, ''];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const read = await Promise.all(files.slice(start, start + AT_ONCE).map((file) => recordsIn(source, file)));
    for (const record of read.flat()) {
      records += 1;
      if (record.modified > newest) newest = record.modified;
      advisories.push(...record.advisories.filter(({ packageName }) => names.has(packageName)));
    }
  }
  if (records === 0) throw unusable(source, 'it has no record of an advisory');
  return { advisories, records, newest };
}

async function filesIn(source: string, path: string): Promise<string[]> {
  const info = await stat(path).catch((error: unknown) => {
    throw unusable(source, messageOf(error));
  });
  if (info.isFile()) return [path];
  return (await jsonFiles(source, await realpath(path), new Set())).toSorted();
}

/** All of a real folder, whatever its folders are called, and what links lead to; `seen` are the paths so far. */
async function jsonFiles(source: string, folder: string, seen: Set<string>): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const isJson = entry.name.endsWith('.json');
    const path = join(folder, entry.name);
    const real = entry.isSymbolicLink() ? await leadsTo(source, path, isJson) : path;
    if (real === undefined || seen.has(real)) continue;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await stat(real)).isDirectory());
    if (!isFolder && !isJson) continue;
    seen.add(real);
    if (isFolder) files.push(...(await jsonFiles(source, real, seen)));
    else files.push(real);
  }
  return files;
}

/** The real path behind a link; undefined where there is none, and none is needed. */
async function leadsTo(source: string, link: string, isNeeded: boolean): Promise<string | undefined> {
  return realpath(link).catch((error: unknown) => {
    if (isNeeded) throw unusable(source, messageOf(error), error);
    return undefined;
  });
}

async function recordsIn(source: string, file: string): Promise<OsvRecord[]> {
  const parsed = await readJson(source, file);
  return (Array.isArray(parsed) ? parsed : [parsed]).map((one: unknown) => {
    const record = readRecord(one);
    if (record === undefined) throw unusable(source, `${file} is no record of an advisory`);
    return record;
  });
}

async function readJson(source: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw unusable(source, `${file}: ${messageOf(error)}`, error);
  }
}

function unusable(source: string, what: string, cause?: unknown): FnError {
  return new FnError(`Couldn't use the database of advisories that ${source} gives: ${what}.`, {
    code: 'OFN-CONFIG',
    hint: 'Give records in the OSV format, one or an array of them in each file; https://osv-vulnerabilities.storage.googleapis.com/npm/all.zip has those of npm, to be unpacked.',
    cause,
  });
}
