import type { Log } from '../../base/log.ts';
import type { ServicesOf } from '../context/services.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Request, Response } from '../http/types.ts';
import type { NamedFunction } from '../loader.ts';
import type { SignedFunction } from '../registry.ts';
import { fetchEndpoint, httpEndpoint } from './http.ts';

/** How functions are served, whatever their signature. */
export interface SignatureOptions {
  readonly log: Log;
  readonly production: boolean;
  /** Runs functions of all other signatures; `direct` where nothing happens around them. */
  readonly run: Run;
  /** What the invocations of a function share; loaded for those that have a context. */
  readonly services: () => Promise<ServicesOf>;
  readonly streamBody: boolean;
  readonly strictCloudEvents: boolean;
  readonly unwrapCloudEvents: boolean;
  readonly ignoreReturn: boolean;
}

/** Calls a function with what it gets of a request. */
export type Run = (req: Request, res: Response, data: unknown, call: (data: unknown) => unknown) => unknown;

/** Calls it and nothing else. */
export const direct: Run = (_req, _res, data, call) => call(data);

/** A function as `K` signs it. */
export type FunctionOf<K extends SignedFunction['signatureType']> = Extract<NamedFunction, { signatureType: K }>;

/**
 * Makes the endpoint of a function; each signature is loaded when a function of it is served. That of events is bundled
 * into the server's own file: contexts decode events too, and a file of what both need would cost more than its bytes.
 */
export async function endpointOf(fn: NamedFunction, options: SignatureOptions): Promise<Endpoint> {
  const endpoint = { ...(await signatureEndpoint(fn, options)), google: fn.google };
  const { concurrency } = fn.options;
  if (concurrency === undefined) return endpoint;
  const { limitEndpoint } = await import('../http/load.ts');
  return limitEndpoint(endpoint, concurrency);
}

async function signatureEndpoint(fn: NamedFunction, options: SignatureOptions): Promise<Endpoint> {
  switch (fn.signatureType) {
    case 'http':
      return httpEndpoint(fn, options);
    case 'fetch':
      return fetchEndpoint(fn, options);
    case 'event':
      return (await import(/* webpackMode: "eager" */ './events.ts')).eventEndpoint(fn, options);
    case 'cloudevent':
      return (await import(/* webpackMode: "eager" */ './events.ts')).cloudEventEndpoint(fn, options);
    case 'typed':
      return (await import('./typed.ts')).typedEndpoint(fn, options);
    default: {
      const { openFunctionEndpoint } = await import(/* webpackChunkName: "openfunction" */ './openfunction.ts');
      return openFunctionEndpoint(fn, options, (await options.services())(fn.name));
    }
  }
}
