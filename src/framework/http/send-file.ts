import { resolve } from 'node:path';
import { libraries } from './libraries.ts';
import { notFound, sendErrorPage } from './error-page.ts';
import type { Request, Response, SendFileOptions } from './types.ts';

interface TransferError extends Error {
  readonly code?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly syscall?: string;
}

/** Called once at the end of a transfer, with what went wrong. */
export type Done = (error?: Error) => void;

/** Sends a file with ranges and conditional answers: https://www.npmjs.com/package/send */
export function sendFile(res: Response, path: string, options: SendFileOptions, done?: Done): void {
  if (typeof path !== 'string') throw new TypeError('path must be a string to res.sendFile');
  if (path === '') throw new TypeError('path argument is required to res.sendFile');
  if (options.root === undefined && resolve(path) !== path.replace(/\/$/, '')) {
    throw new TypeError('path must be absolute or specify root to res.sendFile');
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the response's own request
  const req = res.req as Request;
  const finish = once((error?: TransferError) => {
    if (done !== undefined) return done(error);
    if (error === undefined || error.syscall === 'write') return;
    if (error.code === 'EISDIR') notFound(req, res);
    else sendErrorPage(req, res, error.status ?? 500, undefined, error.headers);
  });
  const stream = libraries
    .send()(req, encodeURI(path), options)
    .on('error', finish)
    .on('directory', () => finish(Object.assign(new Error('EISDIR, read'), { code: 'EISDIR' })))
    .on('end', () => finish());
  if (options.headers !== undefined) {
    stream.on('headers', () => {
      for (const [name, value] of Object.entries(options.headers ?? {})) res.setHeader(name, value);
    });
  }
  res.once('close', () => {
    if (!res.writableFinished)
      finish(Object.assign(new Error('Request aborted'), { code: 'ECONNABORTED', syscall: 'write' }));
  });
  stream.pipe(res);
}

function once(act: (error?: TransferError) => void): typeof act {
  let acted = false;
  return (error) => {
    if (acted) return;
    acted = true;
    act(error);
  };
}
