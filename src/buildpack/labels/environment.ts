import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { isInside } from '../../base/inside.ts';
import { isFile } from '../../base/path-kind.ts';

const SUFFIXES = [
  '',
  '.js',
  '.mjs',
  '.cjs',
  '.ts',
  '.mts',
  '.cts',
  '/index.js',
  '/index.mjs',
  '/index.cjs',
  '/index.ts',
];
const JAVASCRIPT = /\.[cm]?[jt]s$/;
const TYPESCRIPT = /\.[cm]?ts$/;
const RELATIVE = /^\.{1,2}(?:\/|$)/;

/**
 * The variables that a function reads, or plugins, as far as its own modules name them, sorted: `process.env.NAME`, with brackets and a
 * text, taken apart by `const { NAME } = process.env`, and of what is `process` or `env` by another name. Modules are those
 * that are reached by relative imports; what packages read, and names that are computed, are not seen.
 */
export async function environmentOf(appDir: string, entries: readonly string[]): Promise<readonly string[]> {
  // The parser is needed here alone, and not by every build.
  const { readsOf } = await import('./module-reads.ts');
  const modules = new Set(entries);
  const names = new Set<string>();
  for (const path of modules) {
    const reads = readsOf(sourceOf(path));
    for (const name of reads?.variables ?? []) names.add(name);
    for (const specifier of reads?.specifiers ?? []) {
      const imported = RELATIVE.test(specifier) ? resolveIn(dirname(path), specifier) : undefined;
      if (imported !== undefined && isInside(appDir, imported)) modules.add(imported);
    }
  }
  return [...names].toSorted(byCodeUnits);
}

/** Without what is no module of the app, or has an error: the boot check tells of that. */
function sourceOf(path: string): string {
  if (!JAVASCRIPT.test(path) || path.includes('/node_modules/')) return '';
  try {
    const source = readFileSync(path, 'utf8');
    return TYPESCRIPT.test(path) ? stripTypeScriptTypes(source) : source;
  } catch {
    return '';
  }
}

function resolveIn(folder: string, specifier: string): string | undefined {
  const path = join(folder, specifier);
  return SUFFIXES.map((suffix) => path + suffix).find(isFile);
}
