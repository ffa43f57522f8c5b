import { parse, stringify } from '@iarna/toml';
import { messageOf } from '../base/error.ts';
import { fileError, readTextIfPresent, writeText } from './text-file.ts';

/** A value TOML can hold, as this library writes it. */
export type TomlValue = string | number | boolean | Date | readonly TomlValue[] | TomlTable;

/** A TOML table; keys whose value is undefined are left out when it is written. */
export interface TomlTable {
  readonly [key: string]: TomlValue | undefined;
}

/** Decodes TOML, also after a byte order mark; `path` names the text in the error OFN-CNB-FILE. */
export function decodeToml(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
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
  const text = await readTextIfPresent(path);
  return text === undefined ? undefined : decodeToml(text, path);
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
