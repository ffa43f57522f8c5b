import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { execPath } from 'node:process';
import { pathToFileURL } from 'node:url';
import { ERROR_CODES, FnError, type ErrorCode } from '../base/error.ts';
import { exportsTarget, mainTarget } from '../base/module-entry.ts';

const DEPENDENCY_QUESTION = 'Did you list all required modules in the package.json dependencies?';
const SYNTAX_QUESTION = 'Is there a syntax error in your code?';

/** The words of the Functions Framework, which tools look for. */
function contractText(question: string, detail: string): string {
  return `Provided module can't be loaded.\n${question}\nDetailed stack trace: ${detail}`;
}

/** Says why a module could not be loaded, in one of the OFN-FUNC codes, out of what Node threw. */
export function explainLoadFailure(thrown: unknown, modulePath: string): FnError {
  const error = thrown instanceof Error ? thrown : withoutStack(String(thrown));
  const code = 'code' in error ? error.code : undefined;
  if (isOwnCode(code)) return coded(error, code);
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') return missing(error, modulePath);
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return unstrippable(error, modulePath);
  if (error instanceof SyntaxError || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') return syntax(error, modulePath);
  return new FnError(contractText(SYNTAX_QUESTION, `${modulePath} throws.\n${ownFrames(error)}`), {
    code: 'OFN-FUNC-LOAD',
    hint: 'Correct what it does at its top level; calls that need the running environment belong inside the function.',
    cause: thrown,
  });
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

function missing(error: Error, modulePath: string): FnError {
  const specifier = /Cannot find (?:module|package) '([^']+)'/.exec(error.message)?.[1] ?? 'a module';
  const importer = /imported from (\S+)/.exec(error.message)?.[1] ?? /Require stack:\n- (\S+)/.exec(error.message)?.[1];
  const isFile = specifier.startsWith('.') || specifier.startsWith('/');
  const hint = isFile
    ? fileHint(specifier, importer)
    : 'Add it to `dependencies`; devDependencies are not in the image.';
  const detail = `${importer ?? modulePath} needs '${specifier}', and it is not there.`;
  return new FnError(contractText(DEPENDENCY_QUESTION, detail), { code: 'OFN-FUNC-DEPENDENCY', hint, cause: error });
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

function unstrippable(error: Error, modulePath: string): FnError {
  const message = contractText(SYNTAX_QUESTION, `${modulePath} has ${excerpt(error.stack ?? error.message)}`);
  const path = /^(?:file:\/\/)?(\/.*?)(?::\d+)?$/m.exec(error.stack ?? '')?.[1];
  const other = path === undefined ? undefined : packageFolder(path);
  if (other !== undefined && other !== packageFolder(modulePath)) {
    return new FnError(message, {
      code: 'OFN-FUNC-TYPESCRIPT',
      hint: `A package is loaded from the file that its package.json names: let ${join(other, 'package.json')} name JavaScript, which its script "build" makes, or replace enums, namespaces and parameter properties there ("erasableSyntaxOnly" in tsconfig.json finds them).`,
      cause: error,
    });
  }
  return new FnError(message, {
    code: 'OFN-FUNC-TYPESCRIPT',
    hint: 'Node.js runs TypeScript by removing types: add typescript to devDependencies, and the build compiles it, or replace enums, namespaces and parameter properties ("erasableSyntaxOnly" in tsconfig.json finds them).',
    cause: error,
  });
}

function syntax(error: Error, modulePath: string): FnError {
  const shown = excerpt(error.stack ?? error.message);
  const located = /:\d+\n/.test(shown) ? shown : locate(modulePath) || shown;
  return new FnError(contractText(SYNTAX_QUESTION, `there is a syntax error in ${modulePath}.\n${located}`), {
    code: 'OFN-FUNC-SYNTAX',
    hint: 'Correct the line shown above.',
    cause: error,
  });
}

/**
 * Node tells where an ES module has its syntax error only when it prints the error itself, so a process is let do that.
 * Nothing of the module runs: it is refused before.
 */
function locate(modulePath: string): string {
  const script = 'import(process.argv[1])';
  const { stderr } = spawnSync(execPath, ['--eval', script, pathToFileURL(modulePath).href], { encoding: 'utf8' });
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

/** A stack without the frames of Node itself and of the framework's loader. */
function ownFrames(error: Error): string {
  const lines = (error.stack ?? String(error)).split('\n');
  const own = lines.filter(
    (line) =>
      !/^\s+at .*(?:node:internal|node:module|framework\/(?:loader|import-module)\.[jt]s|build\/(?:check|serve)\/)/.test(
        line,
      ),
  );
  return own.slice(0, 20).join('\n').replaceAll('file://', '');
}
