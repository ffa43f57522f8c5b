// Many small files: each promise would cost a build more than the file does.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInside } from '../../base/inside.ts';
import { withScratch } from '../../base/scratch.ts';
import { isTable } from '../../base/table.ts';
import { makeFolder } from '../../libcnb/text-file.ts';
import { readJsonTable } from '../project/json-file.ts';

/** The file in a filled folder that says which module each entry is of. */
export const MODULES_FILE = 'modules.json';

/**
 * With these flags V8 writes the same bytes in every process: the hashes of strings, whose seed is else by chance, are in
 * them, and what depends on when garbage collectors were at work in threads of their own. V8 leaves both flags out of
 * what has to be equal where an entry is read.
 */
export const SAME_BYTES_FLAGS: readonly string[] = ['--random-seed=1', '--predictable'];

/** Compiled code that a boot check left: Node's own file for each module. */
export interface Filled {
  /** Absolute folder of the entries. */
  readonly folder: string;
  /** The version and the architecture of the Node.js that compiled, such as `24.21.0 x64`. */
  readonly node: string;
  /** Name of an entry, eight hexadecimal digits, to the absolute path of its module. */
  readonly modules: ReadonlyMap<string, string>;
}

/** Works with an empty folder for a boot check to fill, which is gone afterwards. */
export async function inFillFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  return withScratch(tmpdir(), 'ofn-compile-cache', work);
}

/** Reads what was filled; undefined when the boot check did not come that far. */
export async function readFilled(folder: string): Promise<Filled | undefined> {
  const table = await readJsonTable(join(folder, MODULES_FILE), 'OFN-INTERNAL');
  const modules = table?.['modules'];
  if (!isTable(modules)) return undefined;
  const paths = Object.entries(modules).map(([entry, path]) => [entry, String(path)] as const);
  return { folder, node: String(table?.['node']), modules: new Map(paths) };
}

/** The entries of the modules below `folder`, sorted. */
export function entriesBelow({ modules }: Filled, folder: string): string[] {
  return [...modules.keys()].filter((entry) => isBelow(folder, modules.get(entry) ?? '')).toSorted();
}

/** Copies entries, readable for everybody: Node makes them for their owner alone. */
export async function copyEntries(filled: Filled, entries: readonly string[], target: string): Promise<void> {
  await makeFolder(target);
  for (const entry of entries) {
    writeFileSync(join(target, entry), readFileSync(join(filled.folder, entry)), { mode: 0o644 });
  }
}

function isBelow(folder: string, path: string): boolean {
  return path !== folder && isInside(folder, path);
}
