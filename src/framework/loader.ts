import type { FnError } from '../base/error.ts';
import { findEntry } from './entry.ts';
import { findExport, isExports, notFound, notFunction, signed, type Exports } from './exports.ts';
import { importModule } from './import-module.ts';
import { lifecycleOf, type Lifecycle } from './lifecycle.ts';
import { registry, type RegisteredFunction } from './registry.ts';
import type { SignatureType } from './signature/types.ts';

/** A function with its name. */
export type NamedFunction = RegisteredFunction & {
  readonly name: string;
  /** By the module itself; an export is called as the server is told. */
  readonly declared: boolean;
};

/** A user's module and what it serves. */
export interface LoadedModule {
  /** Absolute path. */
  readonly modulePath: string;
  /** At least one. */
  readonly functions: readonly NamedFunction[];
  readonly lifecycle: Lifecycle;
  /** All that the module exports. */
  readonly exports: Exports;
  /** What a person should know of how the functions were found. */
  readonly warnings: readonly string[];
}

/** What to load. */
export interface FunctionLocation {
  /** Absolute path of a module or folder. */
  readonly source: string;
  /** A declared name or the dotted path of an export, or several with commas between; undefined when nobody said. */
  readonly target: string | undefined;
  /** For exports; a declared function brings its own. */
  readonly signatureType: SignatureType;
}

/** The target that the contract gives functions that name none. */
const DEFAULT_TARGET = 'function';

/** Loads a user's module (CommonJS, ES module or TypeScript) and finds its functions; failures are OFN-FUNC codes. */
export async function loadModule({ source, target, signatureType }: FunctionLocation): Promise<LoadedModule> {
  const modulePath = findEntry(source);
  const exports = await load(modulePath);
  const warnings: string[] = [];
  const names = targetsOf(target);
  const find = (name: string): NamedFunction => {
    const declared = registry().get(name);
    if (declared !== undefined) return { ...declared, name, declared: true };
    const exported = findExport(exports, name);
    const value = exported === undefined ? fallback(exports, name, warnings) : exported;
    const found = signed(value, signatureType);
    if (found !== undefined) return { ...found, google: false, name, declared: false };
    throw value === undefined ? notFound(exports, name, modulePath) : notFunction(value, name);
  };
  return { modulePath, functions: names.map(find), lifecycle: lifecycleOf(exports, names), exports, warnings };
}

/** Named targets; else every declared function; else the contract's default. */
function targetsOf(target: string | undefined): string[] {
  if (target !== undefined) return target.split(',').map((name) => name.trim());
  const declared = [...registry().keys()];
  return declared.length > 0 ? declared : [DEFAULT_TARGET];
}

/** OpenFunction's framework serves an export called `function` for any name it can't find. */
function fallback(exports: Exports, name: string, warnings: string[]): unknown {
  if (!Object.hasOwn(exports, DEFAULT_TARGET) || typeof exports[DEFAULT_TARGET] !== 'function') return undefined;
  warnings.push(`Function '${name}' is not defined in the provided module; its export 'function' is served instead.`);
  return exports[DEFAULT_TARGET];
}

async function load(path: string): Promise<Exports> {
  try {
    const exports = await importModule(path);
    return isExports(exports) ? exports : {};
  } catch (error) {
    throw await explain(error, path);
  }
}

/** Start-up does not pay for what only a failure needs. */
async function explain(error: unknown, path: string): Promise<FnError> {
  const { explainLoadFailure } = await import('./load-failure.ts');
  return explainLoadFailure(error, path);
}
