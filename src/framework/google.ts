// What `@google-cloud/functions-framework` exports, for functions that import it by that name.
import { makeDeclarations, type Declarations } from './declare.ts';

export type * from './functions.ts';
export type { Request, Response } from './http/types.ts';
export { JsonInvocationFormat } from './signature/typed.ts';

const declarations = makeDeclarations(true);

/** Declares a function that answers HTTP requests. */
export const http: Declarations['http'] = declarations.http;

/** Declares a function that handles CloudEvents. */
export const cloudEvent: Declarations['cloudEvent'] = declarations.cloudEvent;

/** Declares a function from a value to a value. */
export const typed: Declarations['typed'] = declarations.typed;
