import type { AsyncSide } from '../dapr/async-side.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { routeAll, type Router } from '../http/router.ts';
import type { NamedFunction } from '../loader.ts';

/** A function and its endpoint. */
export interface Served {
  readonly fn: NamedFunction;
  readonly endpoint: Endpoint;
}

/** Callbacks of the sidecar come first; a function that takes messages alone answers nothing else. */
export async function routerOf(served: readonly Served[], messages: AsyncSide | undefined): Promise<Router> {
  if (messages === undefined) return functionRouter(served);
  return messages.route(served.length === 0 ? undefined : await functionRouter(served));
}

/** One function takes every path, unless it says which; several have one each. */
async function functionRouter(served: readonly Served[]): Promise<Router> {
  const [first] = served;
  if (first !== undefined && served.length === 1 && !hasRoute(first.fn)) return routeAll(first.endpoint);
  const { routeByPath } = await import('../http/path-router.ts');
  return routeByPath(
    served.map(({ fn, endpoint }) => ({
      endpoint,
      path: fn.options.path ?? (served.length === 1 ? '/*' : `/${fn.name}`),
      methods: fn.options.methods?.map((method) => method.toUpperCase()),
    })),
  );
}

function hasRoute({ options }: NamedFunction): boolean {
  return options.path !== undefined || options.methods !== undefined;
}
