import type { Readable } from 'node:stream';
import type * as Zlib from 'node:zlib';
import type { Request } from './types.ts';

/** Why a body can not be used, with the status that says so. */
export interface BodyProblem {
  readonly status: 400 | 413 | 415;
  readonly message: string;
}

/** Called once: with the bytes, or with the problem. */
type Done = (bytes: Buffer | undefined, problem?: BodyProblem) => void;

/** What is read off and dropped of a body that is refused. */
const DISCARD_BYTES = 1024 * 1024;
const DISCARD_MS = 5000;

/** Whether a request has a body, of zero bytes even: https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
export function hasBody(req: Request): boolean {
  const { headers } = req;
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return true;
  return req.httpVersionMajor === 2 && !req.complete;
}

/** Reads a whole body, decompressed, of at most `limit` bytes. Never calls back when the client goes away. */
export function readBytes(req: Request, limit: number, done: Done): void {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    readEncoded(req, encoding.toLowerCase(), limit, done);
    return;
  }
  if (Number(req.headers['content-length']) > limit) refuse(req, tooLarge(), done);
  else collect(req, req, limit, done);
}

function collect(stream: Readable, req: Request, limit: number, done: Done): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let length = 0;
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > limit) {
      stream.removeListener('data', onData).removeListener('end', onEnd);
      if (stream !== req) {
        req.unpipe();
        stream.destroy();
      }
      refuse(req, tooLarge(), done);
    } else if (first === undefined) {
      first = chunk;
    } else {
      (more ??= [first]).push(chunk);
    }
  };
  const onEnd = (): void => {
    // The stream may be read once more.
    stream.removeListener('data', onData).removeListener('end', onEnd);
    if (stream !== req) req.unpipe();
    done(more === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(more, length));
  };
  stream.on('data', onData).on('end', onEnd);
}

function readEncoded(req: Request, encoding: string, limit: number, done: Done): void {
  const decoder = decoderOf(encoding);
  if (decoder === undefined) {
    refuse(req, { status: 415, message: `unsupported content encoding "${encoding}"` }, done);
    return;
  }
  decoder.once('error', (error: Error) => {
    req.unpipe();
    refuse(req, { status: 400, message: error.message }, done);
  });
  collect(req.pipe(decoder), req, limit, done);
}

function decoderOf(encoding: string): Zlib.Gunzip | Zlib.Inflate | Zlib.BrotliDecompress | undefined {
  // oxlint-disable-next-line no-restricted-globals -- loads a part of Node.js that only compressed bodies need
  const zlib = process.getBuiltinModule('node:zlib');
  if (encoding === 'gzip') return zlib.createGunzip();
  if (encoding === 'deflate') return zlib.createInflate();
  if (encoding === 'br') return zlib.createBrotliDecompress();
  return undefined;
}

function refuse(req: Request, problem: BodyProblem, done: Done): void {
  if (!req.readableEnded) discard(req);
  done(undefined, problem);
}

/**
 * Reads off and drops what is left of a body while the answer goes out: closing the connection at once would lose the
 * answer. A client that goes on sending beyond the bounds is cut off.
 */
function discard(req: Request): void {
  let left = DISCARD_BYTES;
  const cut = (): void => void req.destroy();
  const timer = setTimeout(cut, DISCARD_MS);
  req.on('close', () => clearTimeout(timer));
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) cut();
  });
  req.resume();
}

function tooLarge(): BodyProblem {
  return { status: 413, message: 'request entity too large' };
}
