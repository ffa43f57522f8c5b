import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { FnError } from '../base/error.ts';
import { closest } from './closest.ts';
import { findEntry } from './entry.ts';
import { registry } from './registry.ts';
import type { HttpFunction, SignatureType } from './signature.ts';

/** A function ready to be served. */
export interface LoadedFunction {
  readonly handler: HttpFunction;
  readonly signatureType: SignatureType;
  /** Absolute path of its module. */
  readonly modulePath: string;
}

/** What to load. */
export interface FunctionLocation {
  /** Absolute path of a module or folder. */
  readonly source: string;
  /** A declared name, or the dotted path of an export. */
  readonly target: string;
  /** For exports; a declared function brings its own. */
  readonly signatureType: SignatureType;
}

type Exports = Readonly<Record<string, unknown>>;

/** Loads a user's module (CommonJS, ES module or TypeScript) and finds the function in it; failures are OFN-FUNC codes. */
export async function loadFunction(location: FunctionLocation): Promise<LoadedFunction> {
  const modulePath = findEntry(location.source);
  const exports = await importModule(modulePath);
  const declared = registry().get(location.target);
  if (declared !== undefined) return { ...declared, modulePath };
  const handler = findExport(exports, location.target);
  if (typeof handler === 'function') {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a user's function has no type to check against
    return { handler: handler as HttpFunction, signatureType: location.signatureType, modulePath };
  }
  throw handler === undefined ? notFound(exports, location.target, modulePath) : notFunction(handler, location.target);
}

/** Loads synchronously where Node can, which is faster; only a module with top-level await needs `import()`. */
async function importModule(path: string): Promise<Exports> {
  try {
    const exports: unknown = createRequire(path)(path);
    return isExports(exports) ? exports : {};
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_REQUIRE_ASYNC_MODULE')) {
      throw await explain(error, path);
    }
  }
  try {
    const exports: unknown = await import(/* webpackIgnore: true */ pathToFileURL(path).href);
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

function findExport(exports: Exports, target: string): unknown {
  const walk = (from: unknown): unknown =>
    target
      .split('.')
      .reduce<unknown>((value, key) => (isExports(value) && key in value ? value[key] : undefined), from);
  return walk(exports) ?? walk(exports['default']);
}

function isExports(value: unknown): value is Exports {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function notFound(exports: Exports, target: string, modulePath: string): FnError {
  const inner = isExports(exports['default']) ? exports['default'] : {};
  const isFunction = (from: Exports) => (name: string) => typeof from[name] === 'function';
  const names = [...Object.keys(exports).filter(isFunction(exports)), ...Object.keys(inner).filter(isFunction(inner))];
  const available = [...new Set([...registry().keys(), ...names])].toSorted();
  const meant = closest(target, available);
  const list = available.length === 0 ? `${modulePath} exports no function.` : `Available: ${available.join(', ')}.`;
  return new FnError(`Function '${target}' is not defined in the provided module. ${list}`, {
    code: 'OFN-FUNC-NOT-FOUND',
    hint: `Did you specify the correct target function to execute?${meant === undefined ? '' : ` Did you mean "${meant}"?`} FUNC_NAME names it at build, FUNCTION_TARGET at launch.`,
  });
}

function notFunction(value: unknown, target: string): FnError {
  return new FnError(`'${target}' needs to be of type function. Got: ${typeof value}`, {
    code: 'OFN-FUNC-TYPE',
    hint: `Export a function under the name "${target}", or name another export with FUNC_NAME.`,
  });
}
