import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { messageOf } from '../../base/error.ts';
import type { OpenFunction } from '../signature/openfunction.ts';
import { isTable } from '../../base/table.ts';
import type * as OwnClass from './own-class.ts';
import { OpenFunctionRuntime as Runtime, type OpenFunctionInvocation, type RuntimeClass } from './runtime.ts';
import type { OpenFunctionContext } from './types.ts';

/** A function context as users write one: what it leaves out is as where the controller leaves it out. */
export type GivenContext = Partial<OpenFunctionContext>;

/** What upstream's class of contexts has beside its instances: https://github.com/OpenFunction/functions-framework-nodejs */
export interface RuntimeStatics {
  /** Makes the context of an invocation out of a function context. */
  Parse(context: GivenContext): OpenFunctionInvocation;
  /** The same: the keys of the function context are members of every one. */
  ProxyContext(context: GivenContext): OpenFunctionInvocation;
  /**
   * Makes a call of a function with its plugins around it, which rejects with what the function throws. Given a function
   * context, each call has a context of its own.
   */
  WrapUserFunction(
    userFunction: OpenFunction,
    context: GivenContext | OpenFunctionInvocation,
  ): (data?: unknown) => Promise<void>;
}

const require = createRequire(import.meta.url);

/** Loaded when a function first needs it, which few do. */
function classFor(given: GivenContext): RuntimeClass {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what require gives has no type of its own
  const { ownClass } = require(`./own-class${extname(import.meta.filename)}`) as typeof OwnClass;
  return ownClass(given);
}

/** Of whichever copy of this framework. */
function isRuntime(value: GivenContext | OpenFunctionInvocation): value is OpenFunctionInvocation {
  return isTable(value['services']) && typeof value['send'] === 'function';
}

function makeContexts(given: GivenContext | OpenFunctionInvocation): () => OpenFunctionInvocation {
  if (isRuntime(given)) return () => given;
  const Bound = classFor(given);
  return () => new Bound();
}

const statics: RuntimeStatics = {
  Parse: (context) => new (classFor(context))(),
  ProxyContext: (context) => new (classFor(context))(),
  WrapUserFunction(userFunction, given) {
    const contextOf = makeContexts(given);
    return async (data) => {
      const ctx = contextOf();
      ctx.data = data;
      ctx.error = undefined;
      const { around } = ctx.services;
      const call = (): unknown => userFunction(ctx, ctx.data);
      try {
        await (around === undefined ? call() : around(ctx, call));
      } catch (error) {
        ctx.error ??= error instanceof Error ? error : new Error(messageOf(error));
        throw error;
      }
    };
  },
};

/** The class of contexts with all that upstream's has. */
export const OpenFunctionRuntime: typeof Runtime & RuntimeStatics = Object.assign(Runtime, statics);
export type OpenFunctionRuntime = Runtime;
