import { FnError } from '../base/error.ts';
import { moduleAt } from '../base/module-entry.ts';

/**
 * Finds the module of a function, or OFN-FUNC-SOURCE.
 * The contract: https://github.com/GoogleCloudPlatform/functions-framework-nodejs
 */
export function findEntry(source: string): string {
  const found = moduleAt(source);
  if (found !== undefined) return found;
  const text = `Provided code location '${source}' is not a loadable module.
Did you specify the correct location for the module defining your function?`;
  throw new FnError(text, {
    code: 'OFN-FUNC-SOURCE',
    hint: 'Name the file in "main" of package.json, or set FUNC_SRC (FUNCTION_SOURCE at launch) to it.',
  });
}
