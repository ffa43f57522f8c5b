import { dirname } from 'node:path';
import { FnError, type ErrorCode } from '../../base/error.ts';
import { isInside } from '../../base/inside.ts';
import { findTsconfig } from './tsconfig.ts';

/** Of functions, and of plugins. */
const CODES: ReadonlySet<ErrorCode> = new Set(['OFN-FUNC-DEPENDENCY', 'OFN-APISIX-PLUGIN']);
const MISSING = /(?:file:\/\/)?(\S+) needs '([^']+)', and it is not there\./;

/** Explains an import that nobody finds, where it is written as `paths` of tsconfig.json have it; else what was thrown. */
export async function explainAlias(appDir: string, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof FnError) || !CODES.has(thrown.code)) return thrown;
  const [, importer = '', specifier = ''] = MISSING.exec(thrown.message) ?? [];
  if (!isInside(appDir, importer)) return thrown;
  const { aliases = [], path } = (await findTsconfig(appDir, dirname(importer))) ?? {};
  // A star alone stands for whatever somebody installs.
  const alias = aliases.find((pattern) => pattern !== '*' && fits(pattern, specifier));
  if (alias === undefined) return thrown;
  return new FnError(thrown.message, {
    code: thrown.code,
    hint: `"${alias}" in "paths" of ${path} is for the compiler alone: let a script that follows it make JavaScript (BP_NODE_RUN_SCRIPTS=build) and name that in "main" or FUNC_SRC, or use "imports" of package.json.`,
    cause: thrown,
  });
}

/** A pattern has one "*" at most: https://www.typescriptlang.org/tsconfig/#paths */
function fits(pattern: string, specifier: string): boolean {
  const [before = '', after] = pattern.split('*');
  return after === undefined ? pattern === specifier : specifier.startsWith(before) && specifier.endsWith(after);
}
