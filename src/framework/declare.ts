import type { CloudEventFunction, HttpFunction, TypedFunction } from './functions.ts';
import { register, type FunctionOptions } from './registry.ts';
import type { OpenFunction } from './signature/openfunction.ts';

/** The functions by which modules declare theirs: https://github.com/GoogleCloudPlatform/functions-framework */
export interface Declarations {
  /** Declares a function that answers HTTP requests. */
  readonly http: (name: string, handler: HttpFunction, options?: FunctionOptions) => void;
  /** Declares a function that handles CloudEvents; one that takes two arguments is called with a callback. */
  readonly cloudEvent: <T = unknown>(name: string, handler: CloudEventFunction<T>, options?: FunctionOptions) => void;
  /** Declares a function `(ctx, data)` of OpenFunction. */
  readonly openfunction: (name: string, handler: OpenFunction, options?: FunctionOptions) => void;
  /** Declares a function from a value to a value, JSON unless it names another format. */
  readonly typed: <T, U>(
    name: string,
    handler: TypedFunction<T, U> | TypedFunction<T, U>['handler'],
    options?: FunctionOptions,
  ) => void;
}

/** Makes the declarations; `google` tells those of Google's package name apart. */
export function makeDeclarations(google: boolean): Declarations {
  return {
    http: (name, handler, options) => register(name, { signatureType: 'http', handler }, options, google),
    cloudEvent: (name, handler, options) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what events carry is the function's own business
      register(name, { signatureType: 'cloudevent', handler: handler as CloudEventFunction }, options, google),
    openfunction: (name, handler, options) =>
      register(name, { signatureType: 'openfunction', handler }, options, google),
    typed: (name, handler, options) => {
      const full = typeof handler === 'function' ? { handler } : handler;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its format makes the values it takes
      register(name, { signatureType: 'typed', handler: full as TypedFunction }, options, google);
    },
  };
}
