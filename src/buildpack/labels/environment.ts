import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { isInside } from '../../base/inside.ts';
import { isFile } from '../../base/path-kind.ts';
import { plainSource } from '../project/package-imports.ts';

const SPECIFIER = /\b(?:from\s*|import\s*\(?\s*|require\s*\(\s*)(['"])(\.{1,2}\/[^'"\n]*|\.{1,2})\1/g;
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
/** `env` of the module process, by a static import of its own name. */
const IMPORTED_ENV = /\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\s*(['"])(?:node:)?process\1/;
const PROCESS_ENV = String.raw`\bprocess\s*(?:\?\.|\.)\s*env`;
const BARE_ENV = String.raw`(?<![\w$.])env`;

/**
 * The variables that a function reads, as far as its own modules name them, sorted: `process.env.NAME`, with brackets and a
 * literal, taken apart by `const { NAME } = process.env`, or of `env` of node:process. Modules are those that are reached by
 * relative imports; what packages read, and names that are computed, are not seen.
 */
export function environmentOf(appDir: string, modulePath: string): readonly string[] {
  const modules = new Set([modulePath]);
  const names = new Set<string>();
  for (const path of modules) {
    const source = sourceOf(path);
    for (const name of namesIn(source)) names.add(name);
    for (const [, , specifier = ''] of source.matchAll(SPECIFIER)) {
      const imported = resolveIn(dirname(path), specifier);
      if (imported !== undefined && isInside(appDir, imported)) modules.add(imported);
    }
  }
  return [...names].toSorted(byCodeUnits);
}

/** Without what is no module of the app, or has an error: the boot check tells of that. */
function sourceOf(path: string): string {
  if (!JAVASCRIPT.test(path) || path.includes('/node_modules/')) return '';
  try {
    return plainSource(readFileSync(path, 'utf8'), path);
  } catch {
    return '';
  }
}

function resolveIn(folder: string, specifier: string): string | undefined {
  const path = join(folder, specifier);
  return SUFFIXES.map((suffix) => path + suffix).find(isFile);
}

function namesIn(source: string): readonly string[] {
  const env = IMPORTED_ENV.test(source) ? `(?:${PROCESS_ENV}|${BARE_ENV})` : PROCESS_ENV;
  const read = new RegExp(
    String.raw`${env}\s*(?:\??\.\s*([A-Za-z_$][\w$]*)|(?:\?\.)?\[\s*(['"\`])([\w$]+)\2\s*\])`,
    'g',
  );
  const takenApart = new RegExp(String.raw`\{([^{}]*)\}\s*=\s*${env}(?!\s*(?:\?\.|[.[\w]))`, 'g');
  const direct = [...source.matchAll(read)].map(([, member, , literal]) => member ?? literal ?? '');
  const apart = [...source.matchAll(takenApart)].flatMap(([, list = '']) =>
    list.split(',').flatMap((part) => /^\s*([A-Za-z_$][\w$]*)/.exec(part)?.[1] ?? []),
  );
  return [...direct, ...apart];
}
