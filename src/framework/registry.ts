import type { HttpFunction, SignatureType } from './signature.ts';

/** A function a module declared by itself. */
export interface RegisteredFunction {
  readonly signatureType: SignatureType;
  readonly handler: HttpFunction;
}

const KEY = Symbol.for('openfunction.functions-framework.v1');
const NAME = /^[A-Za-z](?:[-_A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/** The one registry of the process: a second copy of the framework finds the same. */
export function registry(): Map<string, RegisteredFunction> {
  const holder: typeof globalThis & { [KEY]?: Map<string, RegisteredFunction> } = globalThis;
  return (holder[KEY] ??= new Map());
}

/** Declares a function under a name; a later one of the same name takes its place. */
export function register(name: string, declared: RegisteredFunction): void {
  if (!NAME.test(name)) throw new Error(`Invalid function name: ${name}`);
  registry().set(name, declared);
}
