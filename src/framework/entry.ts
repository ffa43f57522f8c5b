import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { FnError } from '../base/error.ts';

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

/**
 * Finds the module of a function: Node's rules for `require` (a file, or a folder's `main` and `index.js`), then the
 * folder's `exports`, then the files above. The contract: https://github.com/GoogleCloudPlatform/functions-framework-nodejs
 */
export function findEntry(source: string): string {
  const found = entryOf(source);
  if (found !== undefined) return found;
  const extended = ['.mjs', '.cjs', '.ts', '.mts', '.cts'].map((suffix) => source + suffix).find(isFile);
  if (extended !== undefined) return extended;
  const text = `Provided code location '${source}' is not a loadable module.
Did you specify the correct location for the module defining your function?`;
  throw new FnError(text, {
    code: 'OFN-FUNC-SOURCE',
    hint: 'Name the file in "main" of package.json, or set FUNC_SRC (FUNCTION_SOURCE at launch) to it.',
  });
}

/** The same; undefined where there is none. */
export function entryOf(source: string): string | undefined {
  return resolveAsNode(source) ?? exportsEntry(source) ?? ENTRIES.map((name) => join(source, name)).find(isFile);
}

function resolveAsNode(source: string): string | undefined {
  try {
    return createRequire(join(source, 'package.json')).resolve(source);
  } catch {
    return undefined;
  }
}

/** The file of `exports` or `exports["."]` in package.json, where conditions are plain: import, node, default. */
function exportsEntry(source: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    const target = ['exports', '.', 'import', 'node', 'default'].reduce(
      (value, key) => (isTable(value) && key in value ? value[key] : value),
      manifest,
    );
    return typeof target === 'string' && isFile(join(source, target)) ? join(source, target) : undefined;
  } catch {
    return undefined;
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
