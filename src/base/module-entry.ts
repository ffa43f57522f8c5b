import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isFile } from './path-kind.ts';
import { isTable } from './table.ts';

/** Files tried in a folder where Node's own rules find nothing. */
const ENTRIES = [
  'function.js',
  'index.mjs',
  'index.cjs',
  'function.mjs',
  'function.cjs',
  'dist/index.js',
  ...['index', 'function', 'src/index'].flatMap((name) => ['.ts', '.mts', '.cts'].map((suffix) => name + suffix)),
];

/** Suffixes that Node.js itself does not try. */
const SUFFIXES = ['.mjs', '.cjs', '.ts', '.mts', '.cts'];

/**
 * The module of a file, with or without its suffix, or of a folder; undefined where there is none. Node's rules for
 * `require` come first (a file, or a folder's `main` and `index.js`), then the folder's `exports`, then the files above.
 */
export function moduleAt(source: string): string | undefined {
  return entryOf(source) ?? SUFFIXES.map((suffix) => source + suffix).find(isFile);
}

/** The same, for a folder or a path with its suffix. */
export function entryOf(source: string): string | undefined {
  return resolveAsNode(source) ?? exportsEntry(source) ?? ENTRIES.map((name) => join(source, name)).find(isFile);
}

/** What `main` of a folder's package.json names. */
export function mainTarget(folder: string): string | undefined {
  return targetIn(folder, ['main']);
}

/** What `exports` or `exports["."]` of a folder's package.json names, where conditions are plain: import, node, default. */
export function exportsTarget(folder: string): string | undefined {
  return targetIn(folder, ['exports', '.', 'import', 'node', 'default']);
}

/** `type` of a folder's package.json: what its files are, `module` or `commonjs`. */
export function packageType(folder: string): string | undefined {
  return targetIn(folder, ['type']);
}

function targetIn(folder: string, keys: readonly string[]): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const target = keys.reduce((value, key) => (isTable(value) && key in value ? value[key] : value), manifest);
    return typeof target === 'string' ? target : undefined;
  } catch {
    return undefined;
  }
}

function resolveAsNode(source: string): string | undefined {
  try {
    return createRequire(join(source, 'package.json')).resolve(source);
  } catch {
    return undefined;
  }
}

function exportsEntry(source: string): string | undefined {
  const target = exportsTarget(source);
  return target !== undefined && isFile(join(source, target)) ? join(source, target) : undefined;
}
