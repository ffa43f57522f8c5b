import { isBuiltin, stripTypeScriptTypes } from 'node:module';

/** What a module takes from a package by static imports. */
export interface ImportedNames {
  /** Names between braces: the package must export them, or the module does not load. */
  readonly named: readonly string[];
  /** Names read from a namespace: the module loads without them. */
  readonly members: readonly string[];
}

/** Strings, which are kept, or comments, which are not. */
const STRING_OR_COMMENT =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\//gs;
const STATIC_IMPORT = /\b(?:import|export)\s*([\w$\s,{}*]*?)\s*from\s*(['"])([^'"]+)\2/g;

/** The package of a bare specifier (`@scope/name/sub` is `@scope/name`), or undefined for paths, URLs and built-ins. */
export function packageOf(specifier: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?=$|\/)/.exec(specifier)?.[0];
}

/** The text of a module as JavaScript without comments; `path` tells whether it is TypeScript. */
export function plainSource(source: string, path: string): string {
  const javaScript = /\.[mc]?ts$/.test(path) ? stripTypeScriptTypes(source) : source;
  return javaScript.replaceAll(STRING_OR_COMMENT, (_, text?: string) => text ?? ' ');
}

/** The names a module takes from `specifier`; `source` is plain. */
export function importedNames(source: string, specifier: string): ImportedNames {
  const named = new Set<string>();
  const members = new Set<string>();
  for (const [, clause = '', , from] of source.matchAll(STATIC_IMPORT)) {
    if (from !== specifier) continue;
    for (const part of /\{([^}]*)\}/.exec(clause)?.[1]?.split(',') ?? []) {
      const name = /^\s*(?!type\s)([\w$]+)/.exec(part)?.[1];
      if (name !== undefined && name !== 'default') named.add(name);
    }
    const namespace = /\*\s*as\s+([\w$]+)/.exec(clause)?.[1];
    if (namespace !== undefined) for (const name of membersOf(source, namespace)) members.add(name);
  }
  return { named: [...named].toSorted(), members: [...members].toSorted() };
}

/**
 * What an install has to have for one import, a line each: the module itself and every name it must export.
 * A build writes down those of its function; the next one compares.
 */
export function demandsOf(how: 'import' | 'require', specifier: string, named: readonly string[]): string[] {
  return [`${how} ${specifier}`, ...named.map((name) => `${how} ${specifier} ${name}`)];
}

function membersOf(source: string, namespace: string): string[] {
  const member = new RegExp(`(?<![\\w$.])${namespace.replaceAll('$', '\\$')}\\.([A-Za-z_$][\\w$]*)`, 'g');
  return [...source.matchAll(member)].flatMap(([, name = 'default']) => (name === 'default' ? [] : [name]));
}
