import { OpenFunctionRuntime, type RuntimeClass } from './runtime.ts';
import type { RuntimeServices } from './services.ts';

/**
 * Makes the class of a server's invocations. Services and the keys of the function context stand on its prototype, the
 * keys over members of the same name, but for those that hold the invocation itself, such as `req`.
 */
export function bindRuntime(services: RuntimeServices): RuntimeClass {
  class BoundRuntime extends OpenFunctionRuntime {}
  const members = { ...services.context, services };
  for (const [key, value] of Object.entries(members)) {
    const enumerable = key !== 'services';
    Object.defineProperty(BoundRuntime.prototype, key, { value, writable: true, enumerable, configurable: true });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the loop above made it so
  return BoundRuntime as RuntimeClass;
}
