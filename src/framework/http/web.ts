import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FetchFunction } from '../functions.ts';
import { sendErrorPage } from './error-page.ts';
import { hostOf } from './forwarded.ts';
import type { Request, Response } from './types.ts';

/** Calls a web-standard function with the request and sends its answer: https://fetch.spec.whatwg.org/#fetch-api */
export async function serveFetch(handler: FetchFunction, req: Request, res: Response): Promise<void> {
  const request = toWebRequest(req);
  if (typeof request === 'number') sendErrorPage(req, res, request);
  else await sendWebResponse(await handler(request), res);
}

/** Methods that the web has no requests of: https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * The request as the web has it; its signal aborts when the client leaves or the time is up. A status where the web can
 * not have it.
 */
function toWebRequest(req: Request): globalThis.Request | 400 | 501 {
  if (FORBIDDEN.has(req.method)) return 501;
  const path = req.url.startsWith('/') ? req.url : '/';
  const url = `${req.protocol}://${hostOf(req) ?? 'localhost'}${path}`;
  if (!URL.canParse(url)) return 400;
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = req.rawHeaders.slice(i, i + 2);
    if (!name.startsWith(':')) headers.append(name, value);
  }
  const hasNoBody = req.method === 'GET' || req.method === 'HEAD';
  return new globalThis.Request(url, {
    method: req.method,
    headers,
    signal: req.abortController.signal,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node.js and the web name the same stream twice
    ...(hasNoBody ? {} : { body: Readable.toWeb(req) as ReadableStream, duplex: 'half' }),
  });
}

/** Sends a web response, streaming its body with the client's own pace. */
export async function sendWebResponse(web: globalThis.Response, res: Response): Promise<void> {
  res.statusCode = web.status;
  if (web.statusText !== '' && res.req.httpVersionMajor === 1) res.statusMessage = web.statusText;
  for (const [name, value] of web.headers) {
    if (name === 'set-cookie') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  if (web.body === null || res.req.method === 'HEAD') {
    await web.body?.cancel();
    res.end();
    return;
  }
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node.js and the web name the same stream twice
    await pipeline(Readable.fromWeb(web.body as never), res);
  } catch (error) {
    if (res.destroyed && !isOurs(error)) return;
    throw error;
  }
}

/** A client that leaves ends the stream early; that is no failure of the function. */
function isOurs(error: unknown): boolean {
  return !(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE');
}
