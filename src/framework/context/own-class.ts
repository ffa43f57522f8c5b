import { createLog } from '../../base/log.ts';
import { readPlatform } from '../platform.ts';
import { bindRuntime } from './bind-runtime.ts';
import { completeContext } from './normalize.ts';
import type { RuntimeClass } from './runtime.ts';
import { makeServicesOf } from './services.ts';
import type { OpenFunctionContext } from './types.ts';

/** A class of invocations for a function context that a function has made by itself. */
export function ownClass(given: Partial<OpenFunctionContext>): RuntimeClass {
  const context = completeContext(given);
  // oxlint-disable-next-line no-restricted-globals, node/no-process-env -- called by functions, who have no platform to give
  const { env, stderr } = process;
  return bindRuntime(makeServicesOf(context, readPlatform(env), createLog(stderr))(context.name));
}
