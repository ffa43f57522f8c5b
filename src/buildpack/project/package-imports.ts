import { isBuiltin, stripTypeScriptTypes } from 'node:module';

/** What a module takes from a package, as far as names stand in it. */
export interface ImportedNames {
  /** Names between braces of an import: the package must export them, or the module does not load. */
  readonly named: readonly string[];
  /** Names that are read off the package: the module is found without them, and does something else. */
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
    const whole = /^(?!type\b)([\w$]+)/.exec(clause)?.[1];
    const namespace = /\*\s*as\s+([\w$]+)/.exec(clause)?.[1];
    for (const binding of [whole, namespace])
      if (binding !== undefined) for (const name of membersOf(source, binding)) members.add(name);
  }
  return { named: [...named].toSorted(), members: [...members].toSorted() };
}

/** The names a module takes of what it requires by `specifier`; `source` is plain. */
export function requiredNames(source: string, specifier: string): ImportedNames {
  const call = String.raw`require\s*\(\s*(?<quote>['"])${escaped(specifier)}\k<quote>\s*\)`;
  const all = (pattern: string): string[] =>
    [...source.matchAll(new RegExp(pattern, 'g'))].flatMap(({ groups }) => groups?.['found'] ?? []);
  // Compilers put a call of their own around it.
  const whole = String.raw`${call}(?!\s*\??[.([])`;
  const bindings = all(String.raw`(?<![\w$.])(?<found>[\w$]+)\s*=\s*(?:[\w$.]+\(\s*)?${whole}`);
  const apart = all(String.raw`\{(?<found>[^{}]*)\}\s*=\s*${whole}`).flatMap((list) =>
    list.split(',').flatMap((part) => /^\s*([A-Za-z_$][\w$]*)/.exec(part)?.[1] ?? []),
  );
  const direct = all(String.raw`${call}\s*\??\.\s*(?<found>[A-Za-z_$][\w$]*)`);
  const members = new Set([...bindings.flatMap((binding) => membersOf(source, binding)), ...apart, ...direct]);
  return { named: [], members: [...members].toSorted() };
}

/**
 * What an install has to have for one import, a line each: the module itself, every name it must export, and with a point
 * before it every name that is read off it. A build writes down those of its function; the next one compares.
 */
export function demandsOf(how: 'import' | 'require', specifier: string, { named, members }: ImportedNames): string[] {
  const names = [...named, ...members.map((name) => `.${name}`)];
  return [`${how} ${specifier}`, ...names.map((name) => `${how} ${specifier} ${name}`)];
}

/** The demands without names that are read off packages: what is loaded. */
export function loadedBy(demands: readonly string[]): readonly string[] {
  return demands.filter((demand) => !/ \.[^ ]+$/.test(demand));
}

function membersOf(source: string, binding: string): string[] {
  const member = new RegExp(String.raw`(?<![\w$.])${escaped(binding)}(?:\.default)?\s*\??\.\s*([A-Za-z_$][\w$]*)`, 'g');
  return [...source.matchAll(member)].flatMap(([, name = 'default']) => (name === 'default' ? [] : [name]));
}

/** A text as a part of a pattern. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
