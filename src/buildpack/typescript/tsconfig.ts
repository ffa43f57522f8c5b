import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isPath } from '../../base/inside.ts';
import { isTable, type Table } from '../../base/table.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import { foldersUp } from '../project/project-folder.ts';

/** What a build has to know of a tsconfig.json; all else is the compiler's business. */
export interface Tsconfig {
  /** Its absolute path. */
  readonly path: string;
  /** Absolute folder of the compiler's output; undefined where JavaScript goes beside TypeScript. */
  readonly outDir: string | undefined;
  /** Whether it is made of projects, which the compiler builds one after the other. */
  readonly hasReferences: boolean;
  /** Whether imports name TypeScript files, and nothing says yet that the output is to name JavaScript. */
  readonly needsRewrite: boolean;
  /** The patterns of `paths`, which are the compiler's alone. */
  readonly aliases: readonly string[];
}

/** Strings, which are kept, or comments, or commas before a closing bracket, which are not. */
const NOT_JSON = /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[^]*?\*\/|,(?=(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*[}\]])/g;

/** The tsconfig.json that is nearest to a folder of the app, from there up to the app's own. */
export async function findTsconfig(appDir: string, folder: string): Promise<Tsconfig | undefined> {
  for (const place of foldersUp(appDir, folder)) {
    const path = join(place, 'tsconfig.json');
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return readTsconfig(path);
  }
  return undefined;
}

async function readTsconfig(path: string): Promise<Tsconfig> {
  const table = await tableOf(path);
  const options = await optionsOf(path, table, new Set());
  const is = (name: string): boolean => options.get(name) === true;
  const outDir = options.get('outDir');
  return {
    path,
    outDir: typeof outDir === 'string' ? resolve(dirname(path), outDir) : undefined,
    hasReferences: Array.isArray(table['references']),
    aliases: Object.keys(asTable(options.get('paths'))),
    needsRewrite: is('allowImportingTsExtensions') && !is('rewriteRelativeImportExtensions'),
  };
}

/** Options with those that are inherited; what packages say is not known before they are installed. */
async function optionsOf(path: string, table: Table, seen: Set<string>): Promise<Map<string, unknown>> {
  const options = new Map<string, unknown>();
  seen.add(path);
  for (const name of [table['extends']].flat()) {
    const base = typeof name === 'string' && isPath(name) ? resolve(dirname(path), name) : undefined;
    if (base === undefined) continue;
    const file = base.endsWith('.json') ? base : `${base}.json`;
    if (seen.has(file)) continue;
    for (const [key, value] of await optionsOf(file, await tableOf(file), seen)) options.set(key, value);
  }
  for (const [key, value] of Object.entries(asTable(table['compilerOptions']))) {
    options.set(key, key === 'outDir' && typeof value === 'string' ? folderOf(path, value) : value);
  }
  return options;
}

/** Absolute, unless it is meant to be relative to the file that inherits it. */
function folderOf(path: string, value: string): string {
  const ofInheritor = /^\$\{configDir\}\/?/;
  return ofInheritor.test(value) ? value.replace(ofInheritor, './') : resolve(dirname(path), value);
}

/** JSON with comments and trailing commas. What is not even that is for the compiler to complain of. */
async function tableOf(path: string): Promise<Table> {
  const text = (await readTextIfPresent(path, 'OFN-TYPESCRIPT')) ?? '';
  try {
    return asTable(JSON.parse(text.replace(/^\uFEFF/, '').replaceAll(NOT_JSON, (_, string?: string) => string ?? '')));
  } catch {
    return {};
  }
}

function asTable(value: unknown): Table {
  return isTable(value) ? value : {};
}
