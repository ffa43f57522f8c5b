import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import type { ManifestComponent } from '../../base/function-manifest.ts';
import { FnError } from '../../base/error.ts';
import { isTable, type Table } from '../../base/table.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';

/** What calls a function, and what it sends to. */
export interface Components {
  readonly inputs: readonly ManifestComponent[];
  readonly outputs: readonly ManifestComponent[];
}

const KEYS = {
  inputs: ['component', 'type', 'topic', 'metadata'],
  outputs: ['component', 'type', 'topic', 'operation', 'metadata'],
} as const;

/**
 * Reads `[inputs.<name>]` and `[outputs.<name>]` of func.toml, sorted by their names; of several folders the first one
 * that has some says it.
 */
export async function readComponents(...folders: readonly string[]): Promise<Components> {
  const files = await Promise.all(folders.map(async (folder) => readTomlIfPresent(join(folder, 'func.toml'))));
  const read = (side: keyof Components): ManifestComponent[] => {
    return decode(files.find((file) => file?.[side] !== undefined)?.[side], side);
  };
  return { inputs: read('inputs'), outputs: read('outputs') };
}

function decode(value: unknown, side: keyof Components): ManifestComponent[] {
  if (value === undefined) return [];
  if (!isTable(value)) throw invalid(`"${side}" is not a table`);
  const entries = Object.entries(value).map(([name, entry]) => decodeOne(name, entry, side));
  return entries.toSorted((a, b) => byCodeUnits(a.name, b.name));
}

function decodeOne(name: string, value: unknown, side: keyof Components): ManifestComponent {
  const at = `"${side}.${name}"`;
  if (!isTable(value)) throw invalid(`${at} is not a table`);
  const stray = Object.keys(value).find((key) => !KEYS[side].some((known) => known === key));
  if (stray !== undefined) throw invalid(`"${side}.${name}.${stray}" is not a known key`);
  const { metadata, component = name, ...texts } = value;
  const checked = textsIn({ component, ...texts }, `${side}.${name}`);
  const more = metadata === undefined ? {} : { metadata: textsIn(tableOf(metadata, at), `${side}.${name}.metadata`) };
  return { name, ...checked, component: String(component), ...more };
}

function tableOf(value: unknown, at: string): Table {
  if (isTable(value)) return value;
  throw invalid(`"metadata" of ${at} is not a table`);
}

function textsIn(table: Table, at: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => {
      if (typeof value === 'string' && value !== '') return [key, value];
      throw invalid(`"${at}.${key}" is not a text`);
    }),
  );
}

function invalid(fault: string): FnError {
  return new FnError(`Couldn't read the function's declaration in func.toml: ${fault}.`, {
    code: 'OFN-CONFIG',
    hint: `Known keys of [inputs.<name>] are ${KEYS.inputs.join(', ')}, those of [outputs.<name>] are ${KEYS.outputs.join(', ')}; docs/manifest.md has an example.`,
  });
}
