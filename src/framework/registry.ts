import { FnError } from '../base/error.ts';
import type {
  CloudEventFunction,
  CloudEventFunctionWithCallback,
  EventFunction,
  EventFunctionWithCallback,
  FetchFunction,
  HttpFunction,
  TypedFunction,
} from './functions.ts';
import type { OpenFunction } from './signature/openfunction.ts';

/** A function with the signature it is called by. */
export type SignedFunction =
  | { readonly signatureType: 'http'; readonly handler: HttpFunction }
  | { readonly signatureType: 'event'; readonly handler: EventFunction | EventFunctionWithCallback }
  | { readonly signatureType: 'cloudevent'; readonly handler: CloudEventFunction | CloudEventFunctionWithCallback }
  | { readonly signatureType: 'typed'; readonly handler: TypedFunction }
  | { readonly signatureType: 'openfunction'; readonly handler: OpenFunction }
  | { readonly signatureType: 'fetch'; readonly handler: FetchFunction };

/** Where and how a declared function is served. */
export interface FunctionOptions {
  /**
   * The path, such as `/orders/:id` or `/files/*`; `/<name>` when several functions are served and it is left out.
   */
  readonly path?: string;
  /** The methods it answers; any when left out. */
  readonly methods?: readonly string[];
  /** How many requests it handles at once; more are answered with 503. More messages of Dapr wait. */
  readonly concurrency?: number;
  /** `stream` leaves the request's body unread, for functions that read it themselves. */
  readonly body?: 'parsed' | 'stream';
}

/** A function that a module declared by itself. */
export type RegisteredFunction = SignedFunction & {
  readonly options: FunctionOptions;
  /** Declared through Google's package name. */
  readonly google: boolean;
};

const KEY = Symbol.for('openfunction.functions-framework.v1');
const NAME = /^[A-Za-z](?:[-_A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/** The one registry of the process: a second copy of the framework finds the same. */
export function registry(): Map<string, RegisteredFunction> {
  const holder: typeof globalThis & { [KEY]?: Map<string, RegisteredFunction> } = globalThis;
  return (holder[KEY] ??= new Map());
}

/**
 * Declares a function under a name; a later one of the same name takes its place. OFN-FUNC-TYPE when it can not be called:
 * nobody would know before the first request.
 */
export function register(name: string, signed: SignedFunction, options: FunctionOptions = {}, google = false): void {
  if (!NAME.test(name)) throw new Error(`Invalid function name: ${name}`);
  const handler: unknown = signed.signatureType === 'typed' ? signed.handler?.handler : signed.handler;
  if (typeof handler !== 'function') throw notCallable(name, handler);
  registry().set(name, { ...signed, options, google });
}

function notCallable(name: string, handler: unknown): FnError {
  return new FnError(`'${name}' needs to be of type function. Got: ${typeof handler}`, {
    code: 'OFN-FUNC-TYPE',
    hint: `The handler comes second, options come after it: ('${name}', handler, options).`,
  });
}
