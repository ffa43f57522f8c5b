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
  /** For applications of Express, which put HTTP/1's prototypes under requests. */
  readonly http1Only?: boolean | undefined;
  /** Also name `X-Google-Status`, for functions declared through Google's package name. */
  readonly google?: boolean;
}

/** Runs code whose failures, however late, are told to `onFailure`. */
export type FailureScope = <T>(onFailure: (error: unknown) => void, act: () => T) => T;

/** Takes over a connection, as `server.on('upgrade')` of Node.js; `scope` is for code that runs later. */
export type UpgradeHandler = (req: IncomingMessage, socket: Duplex, head: Buffer, scope: FailureScope) => unknown;

/** What becomes of requests that ask for another protocol. */
export interface Upgrades {
  /** Whether to take the request over; any other is answered as if it had not asked. */
  readonly accepts: (req: IncomingMessage) => boolean;
  readonly handle: UpgradeHandler;
}
