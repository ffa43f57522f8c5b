import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import type { Request, Response } from './types.ts';

/** What the header `X-OpenFunction-Status` says of a failed call: https://github.com/OpenFunction/functions-framework */
export type FailureStatus = 'crash' | 'error' | 'timeout';

/**
 * What happens to a body: `parsed` by its content type, with JSON that is an object or an array; `event` is the same with
 * any JSON value; `bytes` reads it and leaves the parsing; `stream` does not touch it.
 */
export type BodyMode = 'parsed' | 'event' | 'bytes' | 'stream';

/** A function ready to be called over HTTP, whatever its signature. */
export interface Endpoint {
  readonly name: string;
  /** Calls the function and answers; what it throws or rejects with is the failure of this call alone. */
  readonly invoke: (req: Request, res: Response) => unknown;
  /** What happens to the body before the call. */
  readonly body: BodyMode;
  /** Events come by POST alone. */
  readonly postOnly: boolean;
  /** Whether `/favicon.ico` and `/robots.txt` are kept from it. */
  readonly ignoresBrowsers: boolean;
  /** The status header of a call that throws. */
  readonly failure: FailureStatus;
  /** Also name `X-Google-Status`, for functions declared through Google's package name. */
  readonly google?: boolean;
}

/** Takes over a connection, as `server.on('upgrade')` of Node.js. */
export type UpgradeHandler = (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
