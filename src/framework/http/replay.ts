import { Readable } from 'node:stream';
import type { Request } from './types.ts';

/** A request whose bytes have been read and may be read again. */
type Replayable = Request & { [PENDING]?: Buffer | undefined; _readableState?: { autoDestroy: boolean } };

const PENDING: unique symbol = Symbol('bytes to be read again');
const READING_EVENTS: ReadonlySet<unknown> = new Set(['data', 'end', 'readable']);

/** Makes a request that was read to its end readable again, for parsers such as busboy that take the stream itself. */
export function replay(req: Replayable, bytes: Buffer): void {
  // It would be destroyed right after its end.
  if (req._readableState !== undefined) req._readableState.autoDestroy = false;
  Readable.call(req, { autoDestroy: false });
  // All of it has been received: whether it is read again or not concerns the connection no more.
  req._destroy = (error, done) => done(error);
  req.push(bytes);
  req.push(null);
}

/** The same when somebody begins to read: few do, and streams that nobody reads fill the memory. */
export function replayWhenRead(req: Replayable, bytes: Buffer): void {
  req[PENDING] = bytes;
}

/** Watches for somebody who begins to read; `prototype` is that of a class of requests. */
export function defineReplay(prototype: Request): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the request below
  const { on, pipe, read, [Symbol.asyncIterator]: iterate } = prototype;
  const members: object & ThisType<Request> = {
    on(...args: Parameters<Request['on']>) {
      if (READING_EVENTS.has(args[0])) begin(this);
      return Reflect.apply(on, this, args);
    },
    pipe(...args: Parameters<Request['pipe']>) {
      begin(this);
      return Reflect.apply(pipe, this, args);
    },
    read(...args: Parameters<Request['read']>) {
      begin(this);
      return Reflect.apply(read, this, args);
    },
    [Symbol.asyncIterator]() {
      begin(this);
      return Reflect.apply(iterate, this, []);
    },
  };
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(members));
}

function begin(req: Replayable): void {
  const bytes = req[PENDING];
  if (bytes === undefined) return;
  req[PENDING] = undefined;
  replay(req, bytes);
}
