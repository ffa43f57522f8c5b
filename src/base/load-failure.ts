import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ERROR_CODES, FnError, type ErrorCode } from './error.ts';
import { isOfPackages } from './inside.ts';
import { exportsTarget, mainTarget, packageType } from './module-entry.ts';

/** What is wrong with a module that can't be loaded: what it imports, what it does, or how it is written. */
export type LoadFault = 'dependency' | 'throws' | 'syntax' | 'typescript';

/** Why a module could not be loaded. */
export interface LoadFailure {
  readonly fault: LoadFault;
  /** What is wrong and where, in words that go behind a colon, perhaps in several lines. */
  readonly detail: string;
  /** The next act. */
  readonly hint: string;
}

/** How and for whom a module was loaded. */
export interface Loading {
  readonly modulePath: string;
  /** The path of Node.js. */
  readonly node: string;
  /** The next acts that differ with what the module is for. */
  readonly hints: Readonly<Record<'package' | 'throws' | 'typescript', string>>;
}

/** Says why a module could not be loaded, out of what Node.js threw; what has a code of ours is that failure itself. */
export function describeLoadFailure(thrown: unknown, loading: Loading): LoadFailure | FnError {
  const error = thrown instanceof Error ? thrown : withoutStack(String(thrown));
  const code = 'code' in error ? error.code : undefined;
  if (isOwnCode(code)) return coded(error, code);
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') return missing(error, loading);
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return unstrippable(error, loading);
  if (error instanceof SyntaxError || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') return syntax(error, loading);
  return { fault: 'throws', detail: `${loading.modulePath} throws.\n${ownFrames(error)}`, hint: loading.hints.throws };
}

function withoutStack(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

function isOwnCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
}

/** What says its own code and hint, such as a declaration: it is of the copy of the framework that functions import. */
function coded(error: Error, code: ErrorCode): FnError {
  return new FnError(error.message, { code, hint: 'hint' in error ? String(error.hint) : '', cause: error });
}

function missing(error: Error, { modulePath, hints }: Loading): LoadFailure {
  const specifier = /Cannot find (?:module|package) '([^']+)'/.exec(error.message)?.[1] ?? 'a module';
  const importer = /imported from (\S+)/.exec(error.message)?.[1] ?? /Require stack:\n- (\S+)/.exec(error.message)?.[1];
  const isFile = specifier.startsWith('.') || specifier.startsWith('/');
  const hint = isFile ? fileHint(specifier, importer) : hints.package;
  const detail = `${importer ?? modulePath} needs '${specifier}', and it is not there.`;
  return { fault: 'dependency', detail, hint };
}

function fileHint(specifier: string, importer: string | undefined): string {
  const path = isAbsolute(specifier) ? specifier : join(dirname(importer ?? '/'), specifier);
  const typed = path.replace(/\.([cm]?)js$/, '.$1ts');
  if (typed !== path && existsSync(typed)) {
    return `Import ${basename(typed)} instead: Node.js runs TypeScript as it is, and ${basename(path)} is never made.`;
  }
  const extension = ['.ts', '.mts', '.cts'].find((one) => existsSync(path + one));
  if (extension !== undefined) {
    return `Import ${basename(path)}${extension} instead: Node.js runs TypeScript as it is, and adds no ${extension} to what an import names.`;
  }
  const maker = unmade(path);
  if (maker !== undefined) return maker;
  return 'Correct the path in the import; paths are case sensitive, and ES modules need the file extension.';
}

/** What to do where a package names a file of its own that nothing has made. */
function unmade(path: string): string | undefined {
  const folder = packageFolder(path);
  if (folder === undefined) return undefined;
  const named: readonly (readonly [string, string | undefined])[] = [
    ['exports', exportsTarget(folder)],
    ['main', mainTarget(folder)],
  ];
  const key = named.find(([, target]) => target !== undefined && join(folder, target) === path)?.[0];
  if (key === undefined) return undefined;
  return `"${key}" of ${join(folder, 'package.json')} names it, and nothing has made it: let a script "build" make it, of that package or of the whole project (BP_NODE_RUN_SCRIPTS=build), or commit it.`;
}

/** The folder of the package.json that a file belongs to. */
function packageFolder(path: string): string | undefined {
  const above = dirname(path);
  if (above === path) return undefined;
  return existsSync(join(above, 'package.json')) ? above : packageFolder(above);
}

function unstrippable(error: Error, { modulePath, hints }: Loading): LoadFailure {
  const detail = `${modulePath} has ${excerpt(error.stack ?? error.message)}`;
  const path = placeOf(error);
  const other = path === undefined ? undefined : packageFolder(path);
  const isOfOther = other !== undefined && other !== packageFolder(modulePath);
  const hint = isOfOther
    ? `A package is loaded from the file that its package.json names: let ${join(other, 'package.json')} name JavaScript, which its script "build" makes, or replace enums, namespaces and parameter properties there ("erasableSyntaxOnly" in tsconfig.json finds them).`
    : hints.typescript;
  return { fault: 'typescript', detail, hint };
}

function syntax(error: Error, loading: Loading): LoadFailure {
  const shown = excerpt(error.stack ?? error.message);
  const located = /:\d+\n/.test(shown) ? shown : locate(loading) || shown;
  const detail = `there is a syntax error in ${loading.modulePath}.\n${located}`;
  return { fault: 'syntax', detail, hint: moduleHint(error) ?? 'Correct the line shown above.' };
}

/** What Node.js says of import, export and import.meta in CommonJS; of an export that is not at the top level too. */
const MODULE_SYNTAX = /^(?:Cannot use (?:import statement|'import\.meta') outside a module|Unexpected token 'export')$/;

/** What to do where an ES module is taken for CommonJS; undefined where that is not so, or not in the user's hands. */
function moduleHint(error: Error): string | undefined {
  const path = placeOf(error);
  if (path === undefined || !MODULE_SYNTAX.test(error.message) || isOfPackages(path)) return undefined;
  const name = basename(path);
  const suffix = extname(path);
  const asModule = basename(path, suffix) + (suffix.endsWith('ts') ? '.mts' : '.mjs');
  if (/^\.c[jt]s$/.test(suffix))
    return `${name} has the syntax of an ES module, and is CommonJS by its name: name it ${asModule}.`;
  const folder = packageFolder(path);
  if (folder === undefined || packageType(folder) !== 'commonjs') return undefined;
  return `${name} has the syntax of an ES module, and is CommonJS by "type": "commonjs" of ${join(folder, 'package.json')}: set "type": "module" there, or name it ${asModule}.`;
}

/**
 * Node tells where an ES module has its syntax error only when it prints the error itself, so a process is let do that.
 * Nothing of the module runs: it is refused before.
 */
function locate({ modulePath, node }: Loading): string {
  const script = 'import(process.argv[1])';
  const { stderr } = spawnSync(node, ['--eval', script, pathToFileURL(modulePath).href], { encoding: 'utf8' });
  return excerpt(stderr);
}

/** The part of a stack before its frames: Node puts file, line and a caret there. */
function excerpt(stack: string): string {
  const lines = stack.split('\n');
  const frames = lines.findIndex((line) => /^\s+at /.test(line));
  return lines
    .slice(0, frames === -1 ? 20 : frames)
    .join('\n')
    .replaceAll('file://', '')
    .trim();
}

/** The file that a stack begins with, as those of errors of syntax do. */
function placeOf({ stack = '' }: Error): string | undefined {
  return /^(?:file:\/\/)?(\/.*?)(?::\d+)?$/m.exec(stack)?.[1];
}

/** A stack without the frames of Node itself and of whoever loads it. */
function ownFrames(error: Error): string {
  const lines = (error.stack ?? String(error)).split('\n');
  const own = lines.filter(
    (line) =>
      !/^\s+at .*(?:node:internal|node:module|framework\/(?:loader|import-module)\.[jt]s|process\/find-plugins\.[jt]s|build\/(?:check|serve|runner)\/)/.test(
        line,
      ),
  );
  return own.slice(0, 20).join('\n').replaceAll('file://', '');
}
