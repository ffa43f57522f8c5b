import type { Endpoint } from '../http/endpoint.ts';
import { isThenable } from '../http/exchange.ts';
import type { Request, Response } from '../http/types.ts';
import type { FunctionOf, SignatureOptions } from './endpoint-of.ts';

/** An endpoint for `(req, res)` functions; only a web `Response` that one returns is looked at. */
export function httpEndpoint(
  { name, handler, options }: FunctionOf<'http'>,
  { streamBody, run }: Pick<SignatureOptions, 'streamBody' | 'run'>,
): Endpoint {
  const isExpress = isExpressApp(handler);
  return {
    name,
    body: streamBody ? 'stream' : (options.body ?? 'parsed'),
    postOnly: false,
    ignoresBrowsers: true,
    failure: 'crash',
    http1Only: isExpress,
    invoke(req: Request, res: Response) {
      if (isExpress) keepMembers(req);
      const result = run(req, res, req, () => handler(req, res));
      if (typeof result !== 'object' || result === null) return undefined;
      return isThenable(result) ? result.then((value) => sendIfWeb(value, res)) : sendIfWeb(result, res);
    },
  };
}

/** An application of Express brings prototypes for requests and responses of its own, made of those of HTTP/1. */
function isExpressApp(handler: object): boolean {
  return 'request' in handler && 'response' in handler && 'handle' in handler;
}

/** Makes members that Express does not have properties of the request itself, where its prototype leaves them alone. */
function keepMembers(req: Request): void {
  for (const name of ['body', 'executionId', 'abortController'] as const) void req[name];
}

/** An endpoint for web-standard functions: https://fetch.spec.whatwg.org/#fetch-api */
export function fetchEndpoint(
  { name, handler }: FunctionOf<'fetch'>,
  { run }: Pick<SignatureOptions, 'run'>,
): Endpoint {
  return {
    name,
    body: 'stream',
    postOnly: false,
    ignoresBrowsers: true,
    failure: 'crash',
    async invoke(req, res) {
      const { serveFetch } = await import('../http/web.ts');
      await run(req, res, req, () => serveFetch(handler, req, res));
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
