import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isFile } from '../../base/path-kind.ts';
import { plainSource } from '../project/package-imports.ts';

/** What keeps Node.js from running a TypeScript module, and the modules that it imports, as they are. */
export interface Obstacle {
  /** Absolute path of the module. */
  readonly path: string;
  /** What it has or does, as in "<path> <what>". */
  readonly what: string;
}

const TYPESCRIPT = /\.[cm]?tsx?$/;
const IMPORT = /\b(?:import|export)\b([\w$\s,{}*]*?)\bfrom\s*(['"])([^'"\n]+)\2/g;
const OTHER_IMPORT = /\b(?:import\s*\(?|require\s*\()\s*(['"])([^'"\n]+)\1/g;
const DECORATOR = /^[ \t]*(?:export\s+(?:default\s+)?)?@[\w$]/m;
const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/gs;
/** What a compiler makes a file with the first suffix of. */
const MADE_OF: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, ['.ts', '.tsx']],
  [/\.jsx$/, ['.tsx']],
  [/\.mjs$/, ['.mts']],
  [/\.cjs$/, ['.cts']],
  [/$/, ['.ts', '.tsx', '.mts', '.cts', '/index.ts', '/index.tsx']],
];

/** Whether a path is of TypeScript. */
export function isTypeScript(path: string): boolean {
  return TYPESCRIPT.test(path);
}

/** Looks through a module and the TypeScript that it imports from the app; undefined where nothing is in the way. */
export function findObstacle(entry: string): Obstacle | undefined {
  const modules = new Set([entry]);
  for (const path of modules) {
    const found = read(path);
    if ('what' in found) return { path, what: found.what };
    for (const imported of found.imports) modules.add(imported);
  }
  return undefined;
}

/** What is in the way in one module, or the TypeScript that it imports. */
function read(path: string): { readonly what: string } | { readonly imports: readonly string[] } {
  if (path.endsWith('x')) return { what: 'has JSX' };
  let source: string;
  try {
    source = plainSource(readFileSync(path, 'utf8'), path);
  } catch (error) {
    // The boot check says where the error is, as Node.js has it.
    if (!isUnsupported(error)) return { imports: [] };
    return { what: `has syntax that Node.js can't strip (${error.message.split('\n')[0]})` };
  }
  if (DECORATOR.test(source.replaceAll(STRING, "''"))) return { what: 'has decorators' };
  return unusedImport(source) ?? readImports(source, path);
}

function isUnsupported(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
}

/** A compiler drops names that no value is made of; Node.js looks for them, and types are not there. */
function unusedImport(source: string): { readonly what: string } | undefined {
  for (const [statement, clause = '', , specifier] of source.matchAll(IMPORT)) {
    if (statement.startsWith('export')) continue;
    const others = source.replace(statement, '');
    const name = bindingsOf(clause).find(
      (binding) => !new RegExp(`(?<![\\w$])${escape(binding)}(?![\\w$])`).test(others),
    );
    if (name !== undefined) return { what: `imports ${name} of "${specifier}" for its type, without "import type"` };
  }
  return undefined;
}

/** The names that the braces of an import bind: whatever else is between import and from is no type. */
function bindingsOf(clause: string): readonly string[] {
  const parts = /\{([^}]*)\}/.exec(clause)?.[1]?.split(',') ?? [];
  return parts
    .map(
      (part) =>
        part
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? '',
    )
    .filter((name) => name !== '');
}

function readImports(
  source: string,
  path: string,
): { readonly what: string } | { readonly imports: readonly string[] } {
  const imports: string[] = [];
  const specifiers = [...source.matchAll(IMPORT)].map(([, , , specifier = '']) => specifier);
  for (const [, , specifier = ''] of source.matchAll(OTHER_IMPORT)) specifiers.push(specifier);
  for (const specifier of specifiers.filter((text) => /^\.{1,2}\//.test(text))) {
    const imported = join(dirname(path), specifier);
    if (isFile(imported)) {
      if (isTypeScript(imported)) imports.push(imported);
    } else if (!['.js', '.json', '.node', '/index.js'].some((suffix) => isFile(imported + suffix))) {
      const origin = originOf(imported);
      if (origin !== undefined)
        return { what: `imports "${specifier}", which a compiler makes of ${basename(origin)}` };
    }
  }
  return { imports };
}

function originOf(path: string): string | undefined {
  return MADE_OF.flatMap(([made, suffixes]) =>
    made.test(path) ? suffixes.map((suffix) => path.replace(made, suffix)) : [],
  ).find(isFile);
}

function escape(name: string): string {
  return name.replaceAll('$', String.raw`\$`);
}
