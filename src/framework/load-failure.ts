import { execPath } from 'node:process';
import { FnError, type ErrorCode } from '../base/error.ts';
import { describeLoadFailure, type LoadFault } from '../base/load-failure.ts';

const DEPENDENCY_QUESTION = 'Did you list all required modules in the package.json dependencies?';
const SYNTAX_QUESTION = 'Is there a syntax error in your code?';

/** The code of each fault, and the question by which the Functions Framework asks for it, which tools look for. */
const FAULTS: Readonly<Record<LoadFault, { readonly code: ErrorCode; readonly question: string }>> = {
  dependency: { code: 'OFN-FUNC-DEPENDENCY', question: DEPENDENCY_QUESTION },
  syntax: { code: 'OFN-FUNC-SYNTAX', question: SYNTAX_QUESTION },
  throws: { code: 'OFN-FUNC-LOAD', question: SYNTAX_QUESTION },
  typescript: { code: 'OFN-FUNC-TYPESCRIPT', question: SYNTAX_QUESTION },
};

const HINTS = {
  package: 'Add it to `dependencies`; devDependencies are not in the image.',
  throws: 'Correct what it does at its top level; calls that need the running environment belong inside the function.',
  typescript:
    'Node.js runs TypeScript by removing types: add typescript to devDependencies, and the build compiles it, or replace enums, namespaces and parameter properties ("erasableSyntaxOnly" in tsconfig.json finds them).',
};

/** Says why a function's module could not be loaded, in one of the OFN-FUNC codes, out of what Node threw. */
export function explainLoadFailure(thrown: unknown, modulePath: string): FnError {
  const found = describeLoadFailure(thrown, { modulePath, node: execPath, hints: HINTS });
  if (found instanceof FnError) return found;
  const { code, question } = FAULTS[found.fault];
  const message = `Provided module can't be loaded.\n${question}\nDetailed stack trace: ${found.detail}`;
  return new FnError(message, { code, hint: found.hint, cause: thrown });
}
