import { FnError } from '../base/error.ts';
import { closest } from '../base/closest.ts';
import type { FetchFunction, HttpFunction, TypedFunction } from './functions.ts';
import { registry, type FunctionOptions, type SignedFunction } from './registry.ts';
import type { SignatureType } from './signature/types.ts';

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>;

/** Whether a value can have exports. */
export function isExports(value: unknown): value is Exports {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** The export at a dotted path; of a CommonJS module that was imported, `default` holds them. */
export function findExport(exports: Exports, target: string): unknown {
  const walk = (from: unknown): unknown => target.split('.').reduce(memberOf, from);
  const own = walk(exports);
  const found = own === undefined ? walk(exports['default']) : own;
  // `module.exports = fn` is what an ES module calls its default export.
  return found === undefined && target === 'default' && typeof exports === 'function' ? exports : found;
}

/** An export that can be served; applications that parse bodies by themselves get requests unread. */
export type ExportedFunction = SignedFunction & { readonly options: FunctionOptions };

/** What every object inherits is nobody's export. */
function memberOf(value: unknown, key: string): unknown {
  const inherited: unknown = Reflect.get(Object.prototype, key);
  return isExports(value) && key in value && value[key] !== inherited ? value[key] : undefined;
}

/**
 * An export with its signature: a function, a web application (`{ fetch }`, such as Hono's), a Fastify instance, or a
 * typed function with its format. Undefined for anything else.
 */
export function signed(value: unknown, signatureType: SignatureType): ExportedFunction | undefined {
  if (typeof value === 'function') {
    const handler: unknown = signatureType === 'typed' ? { handler: value } : value;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a user's function has no type to check against
    return { signatureType, handler, options: {} } as ExportedFunction;
  }
  if (!isExports(value)) return undefined;
  /* oxlint-disable typescript/no-unsafe-type-assertion -- told apart by their members */
  if (signatureType === 'typed' && typeof value['handler'] === 'function') {
    return { signatureType, handler: value as unknown as TypedFunction, options: {} };
  }
  if (typeof value['fetch'] === 'function') {
    const app = value as unknown as { fetch: FetchFunction };
    return { signatureType: 'fetch', handler: (request) => app.fetch(request), options: {} };
  }
  return typeof value['routing'] === 'function' && typeof value['ready'] === 'function'
    ? { signatureType: 'http', handler: fastifyHandler(value as unknown as FastifyApp), options: { body: 'stream' } }
    : undefined;
  /* oxlint-enable typescript/no-unsafe-type-assertion */
}

interface FastifyApp {
  ready(): PromiseLike<unknown>;
  routing: HttpFunction;
}

/** Fastify loads its plugins on the first call of `ready`; every later one resolves at once. */
function fastifyHandler(app: FastifyApp): HttpFunction {
  return async (req, res) => {
    await app.ready();
    app.routing(req, res);
  };
}

/** The failure of a target that nobody declared or exported. */
export function notFound(exports: Exports, target: string, modulePath: string): FnError {
  const inner = isExports(exports['default']) ? exports['default'] : {};
  const isServable = (from: Exports) => (name: string) => signed(from[name], 'http') !== undefined;
  const names = [...Object.keys(exports).filter(isServable(exports)), ...Object.keys(inner).filter(isServable(inner))];
  const whole = typeof exports === 'function' ? ['default'] : [];
  const available = [...new Set([...registry().keys(), ...names, ...whole])].toSorted();
  const meant = closest(target, available);
  const list = available.length === 0 ? `${modulePath} exports no function.` : `Available: ${available.join(', ')}.`;
  const text = `Function '${target}' is not defined in the provided module.
Did you specify the correct target function to execute?
${list}`;
  return new FnError(text, {
    code: 'OFN-FUNC-NOT-FOUND',
    hint: `${meant === undefined ? '' : `Did you mean "${meant}"? `}FUNC_NAME names it at build, FUNCTION_TARGET at launch.`,
  });
}

/** The failure of a target that is something else. */
export function notFunction(value: unknown, target: string): FnError {
  return new FnError(`'${target}' needs to be of type function. Got: ${typeof value}`, {
    code: 'OFN-FUNC-TYPE',
    hint: `Export a function under the name "${target}", or name another export with FUNC_NAME.`,
  });
}
