import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  Http2Session,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
} from 'node:http2';
import { messageOf } from '../../base/error.ts';
import { encodeFrame, FrameDecoder, MAX_MESSAGE_SIZE } from './frame.ts';
import { decodeStatusMessage, GRPC_STATUS, GrpcError, toGrpcError } from './status.ts';
import { parseTimeout } from './timeout.ts';

/** What became of a call. */
export interface UnaryResult {
  /** There when `status` is 0, and only then. */
  readonly message: Buffer | undefined;
  /** One of `GRPC_STATUS`, or another that the server has sent. */
  readonly status: number;
  /** Empty when `status` is 0, as a rule. */
  readonly statusMessage: string;
}

/** https://www.rfc-editor.org/rfc/rfc9113#section-7 */
const HTTP2_CANCEL = 8;

/** What resets of a stream mean: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors */
const STATUS_OF_RESET: Readonly<Record<number, number>> = {
  7: GRPC_STATUS.UNAVAILABLE,
  8: GRPC_STATUS.CANCELLED,
  11: GRPC_STATUS.RESOURCE_EXHAUSTED,
  12: GRPC_STATUS.PERMISSION_DENIED,
};

/** What answers of HTTP mean: https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
const STATUS_OF_HTTP: Readonly<Record<number, number>> = {
  400: GRPC_STATUS.INTERNAL,
  401: GRPC_STATUS.UNAUTHENTICATED,
  403: GRPC_STATUS.PERMISSION_DENIED,
  404: GRPC_STATUS.UNIMPLEMENTED,
  429: GRPC_STATUS.UNAVAILABLE,
  502: GRPC_STATUS.UNAVAILABLE,
  503: GRPC_STATUS.UNAVAILABLE,
  504: GRPC_STATUS.UNAVAILABLE,
};

/**
 * Calls a method by its path, such as `/package.Service/Method`, with one message and waits for the answer. Never rejects:
 * whatever fails is a status. `headers` are metadata; with a `grpc-timeout` the call is cancelled in time, with a
 * `grpc-encoding` the message is compressed in that way already.
 */
export function callUnary(
  session: ClientHttp2Session,
  path: string,
  message: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<UnaryResult> {
  return callStreaming(session, path, [message], headers);
}

/** The same with any number of messages, all of which are there. */
export function callStreaming(
  session: ClientHttp2Session,
  path: string,
  messages: readonly Uint8Array[],
  headers: Readonly<Record<string, string>> = {},
): Promise<UnaryResult> {
  const { promise, resolve } = Promise.withResolvers<UnaryResult>();
  const fail = ({ status, message }: GrpcError): void =>
    resolve({ message: undefined, status, statusMessage: message });
  try {
    const fixed = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request({ ...fixed, ...headers });
    const timer = cancelAt(stream, headers['grpc-timeout'], fail);
    stream.on('close', () => clearTimeout(timer));
    readAnswer(stream, (answer) => resolve({ message: answer, status: GRPC_STATUS.OK, statusMessage: '' }), fail);
    const compressed = headers['grpc-encoding'] !== undefined;
    stream.end(Buffer.concat(messages.map((message) => encodeFrame(message, compressed))));
  } catch (error) {
    fail(unavailable(error));
  }
  return promise;
}

/** Cancels a call when its timeout has passed; gives the timer. */
function cancelAt(stream: ClientHttp2Stream, timeout: string | undefined, fail: (error: GrpcError) => void) {
  const milliseconds = timeout === undefined ? undefined : parseTimeout(timeout);
  if (milliseconds === undefined) return undefined;
  return setTimeout(() => {
    fail(new GrpcError(GRPC_STATUS.DEADLINE_EXCEEDED, 'the deadline of the call has passed'));
    stream.close(HTTP2_CANCEL);
  }, milliseconds);
}

/** Headers and trailers in one. */
type Answer = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** Calls `succeed` with the message of an answer whose status is OK, and `fail` otherwise. */
function readAnswer(
  stream: ClientHttp2Stream,
  succeed: (message: Buffer) => void,
  fail: (error: GrpcError) => void,
): void {
  // A closed stream does not know its session any more.
  const { session } = stream;
  let headers: Answer = {};
  let message: Buffer | undefined;
  let reset: Error | undefined;
  const decoder = new FrameDecoder(MAX_MESSAGE_SIZE, (frame) => {
    if (message !== undefined || frame.compressed) throw unexpected('the answer is not one plain message');
    message = frame.payload;
  });
  const onData = (chunk: Buffer): void => {
    try {
      decoder.push(chunk);
    } catch (error) {
      fail(toGrpcError(error));
      stream.removeListener('data', onData).close(HTTP2_CANCEL);
    }
  };
  stream.on('response', (response) => (headers = response));
  stream.on('trailers', (trailers) => (headers = { ...headers, ...trailers }));
  stream.on('data', onData).on('error', (error) => (reset = error));
  stream.on('close', () => {
    const { 'grpc-status': status } = headers;
    if (status === undefined) fail(failureOfHttp(headers) ?? failureOfStream(session, stream.rstCode, reset));
    else if (status !== '0') fail(failureSent(headers));
    else if (message === undefined) fail(unexpected('the answer has no message'));
    else succeed(message);
  });
}

function failureSent({ 'grpc-status': status, 'grpc-message': message = '' }: Answer): GrpcError {
  const code = /^\d+$/.test(String(status)) ? Number(status) : GRPC_STATUS.UNKNOWN;
  return new GrpcError(code, decodeStatusMessage(String(message)));
}

function failureOfHttp({ ':status': status = 200 }: Answer): GrpcError | undefined {
  if (status === 200) return undefined;
  return new GrpcError(STATUS_OF_HTTP[status] ?? GRPC_STATUS.UNKNOWN, `the status of HTTP is ${status}`);
}

function failureOfStream(session: Http2Session | undefined, code: number, reset: Error | undefined): GrpcError {
  if (session === undefined || session.destroyed) return unavailable(reset ?? 'the connection is closed');
  return new GrpcError(STATUS_OF_RESET[code] ?? GRPC_STATUS.INTERNAL, `the stream was closed with code ${code}`);
}

function unexpected(message: string): GrpcError {
  return new GrpcError(GRPC_STATUS.UNIMPLEMENTED, message);
}

function unavailable(error: unknown): GrpcError {
  return new GrpcError(GRPC_STATUS.UNAVAILABLE, messageOf(error));
}
