import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse, stringify } from '@iarna/toml';
import { FnError, messageOf } from '../base/error.ts';

/** A value TOML can hold, as this library writes it. */
export type TomlValue = string | number | boolean | Date | readonly TomlValue[] | TomlTable;

/** A TOML table; keys whose value is undefined are left out when it is written. */
export interface TomlTable {
  readonly [key: string]: TomlValue | undefined;
}

/** Largest file read, in bytes: the spec's files are lists of a few names. */
const LIMIT = 4 * 1024 * 1024;

/** Whether `value`, as decoded, is a table. */
export function isTomlTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Decodes TOML; `path` names the text in the error OFN-CNB-FILE. */
export function decodeToml(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    const what = messageOf(error).split('\n')[0]?.replace(/:$/, '') ?? 'not TOML';
    throw fileError('read', path, what, error);
  }
}

/** Encodes TOML: https://toml.io */
export function encodeToml(table: TomlTable): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library's type knows neither readonly nor undefined
  return stringify(table as Parameters<typeof stringify>[0]);
}

/** Reads a TOML file; undefined when there is none. */
export async function readTomlIfPresent(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return decodeToml(await readBounded(path), path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error instanceof FnError ? error : fileError('read', path, messageOf(error), error);
  }
}

/** Reads a TOML file that must be there. */
export async function readToml(path: string): Promise<Readonly<Record<string, unknown>>> {
  const table = await readTomlIfPresent(path);
  if (table !== undefined) return table;
  throw fileError('read', path, 'there is no such file');
}

/** Writes a TOML file and the folders above it. */
export async function writeToml(path: string, table: TomlTable): Promise<void> {
  await writeText(path, encodeToml(table));
}

/** Writes a text file and the folders above it; a failure names the path. */
export async function writeText(path: string, text: string, mode = 0o644): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode });
  } catch (error) {
    throw fileError('write', path, messageOf(error), error);
  }
}

/** A failure to read or write one of the spec's files. */
export function fileError(act: 'read' | 'write', path: string, what: string, cause?: unknown): FnError {
  return new FnError(`Couldn't ${act} ${path}: ${what}.`, {
    code: 'OFN-CNB-FILE',
    hint: 'The Buildpacks specification says what belongs there: https://github.com/buildpacks/spec/blob/main/buildpack.md',
    cause,
  });
}

async function readBounded(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (bytes.length > LIMIT) throw fileError('read', path, `it is larger than ${LIMIT} bytes`);
  return bytes.toString('utf8');
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
