import { dirname } from 'node:path';
import { FnError } from '../../base/error.ts';
import { isInside } from '../../base/inside.ts';
import { findTsconfig } from './tsconfig.ts';

const MISSING = /(?:file:\/\/)?(\S+) needs '([^']+)', and it is not there\./;

/** Explains an import that nobody finds, where it is written as `paths` of tsconfig.json have it; else what was thrown. */
export async function explainAlias(appDir: string, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof FnError) || thrown.code !== 'OFN-FUNC-DEPENDENCY') return thrown;
  const [, importer = '', specifier = ''] = MISSING.exec(thrown.message) ?? [];
  if (!isInside(appDir, importer)) return thrown;
  const { aliases = [], path } = (await findTsconfig(appDir, dirname(importer))) ?? {};
  const alias = aliases.find((pattern) => fits(pattern, specifier));
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
