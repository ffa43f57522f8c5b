import type { Response } from '../http/types.ts';

const JSON_TYPE = 'application/json';

/** Answers with JSON and nothing else, unless somebody has answered already. */
export function sendJson(res: Response, body: string, status = 200): void {
  if (res.headersSent || res.writableEnded) return;
  res.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': String(Buffer.byteLength(body)) });
  res.end(body);
}

/** Answers with a status alone, unless somebody has answered already. */
export function sendStatus(res: Response, status: number): void {
  if (res.headersSent || res.writableEnded) return;
  res.writeHead(status, { 'content-length': '0' }).end();
}
