import { isBuiltin, stripTypeScriptTypes } from 'node:module';

/** Strings, which are kept, or comments, which are not. */
const STRING_OR_COMMENT =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\//gs;

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

/** An import of a package as the first words of what an install has to have for it. */
export function subjectOf(how: 'import' | 'require', specifier: string, folder: string): string {
  return folder === '' ? `${how} ${specifier}` : `in ${encodeURI(folder)} ${how} ${specifier}`;
}

/**
 * What an install has to have for one import, a line each: the module itself and every name it must export. Packages of
 * a workspace, which may have versions of their own, are those that its folder is said to see.
 * A build writes down those of its function; the next one compares.
 */
export function demandsOf(subject: string, named: readonly string[]): string[] {
  return [subject, ...named.map((name) => `${subject} ${name}`)];
}

/** What is written down of a name that the package was found not to have. */
export function absenceOf(demand: string): string {
  return `no ${demand}`;
}

/** Those of the demands that name a module, and none of its names. */
export function modulesAmong(demands: readonly string[]): string[] {
  return demands.filter((demand) => /^(?:in \S+ )?(?:import|require) \S+$/.test(demand));
}

/** A demand of a name or of a module, in words. */
export function describeName(demand: string): string {
  const [, specifier = '', name = ''] = demand.replace(/^in \S+ /, '').split(' ');
  return name === '' ? specifier : `"${name.replace(/^default\./, '')}" in ${specifier}`;
}
