import { join } from 'node:path';
import { closest } from '../../base/closest.ts';
import { FnError } from '../../base/error.ts';
import type { Table } from '../../base/table.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';

const TABLES = ['openfunction', 'keel', 'inputs', 'outputs', 'schemas'];

/**
 * Reads `<folder>/func.toml`, undefined where there is none, OFN-CNB-FILE where it is no TOML, OFN-CONFIG where it
 * has anything but its tables. `keys` are those of [openfunction].
 */
export async function readFuncToml(folder: string, keys: readonly string[]): Promise<Table | undefined> {
  const path = join(folder, 'func.toml');
  const table = await readToml(path);
  const stray = Object.keys(table ?? {}).find((key) => !TABLES.includes(key));
  if (stray === undefined) return table;
  throw new FnError(`Couldn't read ${path}: "${stray}" is none of its tables.`, {
    code: 'OFN-CONFIG',
    hint: keys.includes(stray) ? 'Put the line [openfunction] above it.' : didYouMean(stray),
  });
}

async function readToml(path: string): Promise<Table | undefined> {
  try {
    return await readTomlIfPresent(path);
  } catch (error) {
    if (!(error instanceof FnError)) throw error;
    throw new FnError(error.message, {
      code: error.code,
      hint: 'Correct func.toml: a table [openfunction] with name, type and source, each a text in quotes, for example name = "hello".',
      cause: error,
    });
  }
}

function didYouMean(key: string): string {
  const meant = closest(key, TABLES);
  return meant === undefined ? `Its tables are ${TABLES.join(', ')}.` : `Did you mean [${meant}]?`;
}
