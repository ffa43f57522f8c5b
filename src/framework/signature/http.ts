import type { Endpoint } from '../http/endpoint.ts';
import { isThenable } from '../http/exchange.ts';
import type { Request, Response } from '../http/types.ts';
import type { FunctionOf, SignatureOptions } from './endpoint-of.ts';

/** An endpoint for `(req, res)` functions; only a web `Response` that one returns is looked at. */
export function httpEndpoint(
  { name, handler, options }: FunctionOf<'http'>,
  { streamBody }: Pick<SignatureOptions, 'streamBody'>,
): Endpoint {
  return {
    name,
    body: streamBody ? 'stream' : (options.body ?? 'parsed'),
    postOnly: false,
    ignoresBrowsers: true,
    failure: 'crash',
    invoke(req: Request, res: Response) {
      const result: unknown = handler(req, res);
      if (typeof result !== 'object' || result === null) return undefined;
      return isThenable(result) ? result.then((value) => sendIfWeb(value, res)) : sendIfWeb(result, res);
    },
  };
}

/** An endpoint for web-standard functions: https://fetch.spec.whatwg.org/#fetch-api */
export function fetchEndpoint({ name, handler }: FunctionOf<'fetch'>): Endpoint {
  return {
    name,
    body: 'stream',
    postOnly: false,
    ignoresBrowsers: true,
    failure: 'crash',
    async invoke(req, res) {
      const { serveFetch } = await import('../http/web.ts');
      await serveFetch(handler, req, res);
    },
  };
}

async function sendIfWeb(value: unknown, res: Response): Promise<void> {
  if (!isWebResponse(value) || res.headersSent || res.writableEnded) return;
  const { sendWebResponse } = await import('../http/web.ts');
  await sendWebResponse(value, res);
}

/** Recognised by its members: naming the global would load all of fetch at start. */
function isWebResponse(value: unknown): value is globalThis.Response {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, Symbol.toStringTag) === 'Response' &&
    'arrayBuffer' in value
  );
}
