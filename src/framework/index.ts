import { makeDeclarations, type Declarations } from './declare.ts';

export { ContextUtils } from './context/context-utils.ts';
export type { OpenFunctionInvocation } from './context/runtime.ts';
export { OpenFunctionRuntime } from './context/statics.ts';
export { Out, type FailOptions } from './context/out.ts';
export {
  ComponentType,
  RuntimeType,
  TraceProviderType,
  type OpenFunctionComponent,
  type OpenFunctionContext,
  type TraceConfig,
  type TraceProvider,
} from './context/types.ts';
export type * from './functions.ts';
export type { Request, Response } from './http/types.ts';
export { HookAbort } from './plugin/hook-abort.ts';
export { Plugin, type PluginClass, type PluginLike, type PluginMap } from './plugin/plugin.ts';
export type { FunctionOptions } from './registry.ts';
export type { OpenFunction } from './signature/openfunction.ts';
export { JsonInvocationFormat } from './signature/typed.ts';
export type { SignatureType } from './signature/types.ts';

const declarations = makeDeclarations(false);

/** Declares a function that answers HTTP requests. */
export const http: Declarations['http'] = declarations.http;

/** Declares a function that handles CloudEvents. */
export const cloudEvent: Declarations['cloudEvent'] = declarations.cloudEvent;

/** Declares a function `(ctx, data)` of OpenFunction. */
export const openfunction: Declarations['openfunction'] = declarations.openfunction;

/** Declares a function from a value to a value. */
export const typed: Declarations['typed'] = declarations.typed;
