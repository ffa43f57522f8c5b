import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { decompress, encodeFrame, type Frame, FrameDecoder, MAX_MESSAGE_SIZE, refuseEncoding } from './frame.ts';
import { encodeStatusMessage, GRPC_STATUS, GrpcError, toGrpcError } from './status.ts';
import { parseTimeout } from './timeout.ts';
import { UnaryCall } from './unary-call.ts';

/**
 * Answers one message with one. What it throws is what the call fails with: a `GrpcError` as it is, anything else as
 * UNKNOWN with its message.
 */
export type UnaryHandler = (message: Buffer, call: UnaryCall) => Buffer | Promise<Buffer>;

/** https://www.rfc-editor.org/rfc/rfc9113#section-7 */
const HTTP2_NO_ERROR = 0;

/** The types of messages in Protocol Buffers. */
const CONTENT_TYPE = /^application\/grpc(?:\+proto)?(?:;|$)/i;

/**
 * Serves a unary call: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 *
 * `handle` is called once, when the client has sent its one message, of at most `maxSize` bytes, and ended its half of
 * the stream. Without `handle` the method is UNIMPLEMENTED; a `GrpcError` in its place refuses the call before anything of
 * its message is read. What is no gRPC gets a status of HTTP. Never throws.
 */
export function serveUnary(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  handle: UnaryHandler | GrpcError | undefined,
  maxSize: number = MAX_MESSAGE_SIZE,
): void {
  // A client that goes away is no failure of ours.
  stream.on('error', () => {});
  const httpStatus = refuseRequest(headers);
  if (httpStatus !== undefined) {
    respondAlone(stream, { ':status': httpStatus });
    return;
  }
  const fail = (error: unknown): void => answerFailure(stream, toGrpcError(error));
  const encoding = headerOf(headers, 'grpc-encoding');
  const timeout = headerOf(headers, 'grpc-timeout');
  const milliseconds = timeout === undefined ? undefined : parseTimeout(timeout);
  const refusal = refuseEncoding(encoding) ?? refuseTimeout(timeout, milliseconds);
  if (typeof handle !== 'function' || refusal !== undefined) {
    fail(refusal ?? handle ?? new GrpcError(GRPC_STATUS.UNIMPLEMENTED, `unknown method ${headers[':path']}`));
    return;
  }
  const call = new UnaryCall(stream, headers, milliseconds);
  const onFrame = (frame: Frame): void => {
    const result = frame.compressed
      ? decompress(frame, encoding, maxSize).then((message) => handle(message, call))
      : handle(frame.payload, call);
    if (result instanceof Promise) result.then((message) => answer(stream, message)).catch(fail);
    else answer(stream, result);
  };
  readFrame(stream, maxSize, onFrame, fail);
}

/** The status of HTTP for what is no gRPC. */
function refuseRequest(headers: IncomingHttpHeaders): 405 | 415 | undefined {
  if (headers[':method'] !== 'POST') return 405;
  return CONTENT_TYPE.test(headers['content-type'] ?? '') ? undefined : 415;
}

function refuseTimeout(timeout: string | undefined, milliseconds: number | undefined): GrpcError | undefined {
  if (timeout === undefined || milliseconds !== undefined) return undefined;
  return new GrpcError(GRPC_STATUS.INTERNAL, `grpc-timeout "${timeout}" is none`);
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Calls `onFrame` with the one message of a stream, or `fail`, once; neither when the client goes away before. */
function readFrame(
  stream: ServerHttp2Stream,
  maxSize: number,
  onFrame: (frame: Frame) => void,
  fail: (error: unknown) => void,
): void {
  let found: Frame | undefined;
  const decoder = new FrameDecoder(maxSize, (frame) => {
    if (found !== undefined) throw notOneMessage();
    found = frame;
  });
  const onData = (chunk: Buffer): void => {
    try {
      decoder.push(chunk);
    } catch (error) {
      stream.removeListener('data', onData).removeListener('end', onEnd);
      fail(error);
    }
  };
  const onEnd = (): void => {
    if (stream.aborted) return;
    try {
      decoder.end();
      if (found === undefined) throw notOneMessage();
      onFrame(found);
    } catch (error) {
      fail(error);
    }
  };
  stream.on('data', onData).on('end', onEnd);
}

/** "Request cardinality violation": https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
function notOneMessage(): GrpcError {
  return new GrpcError(GRPC_STATUS.UNIMPLEMENTED, 'a unary call has exactly one message');
}

function answer(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.closed || stream.headersSent) return;
  const frame = encodeFrame(message);
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    if (!stream.closed) stream.sendTrailers({ 'grpc-status': '0' });
  });
  stream.end(frame);
}

function answerFailure(stream: ServerHttp2Stream, { status, message }: GrpcError): void {
  respondAlone(stream, {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': String(status),
    'grpc-message': encodeStatusMessage(message),
    // What a client with another encoding is told: https://github.com/grpc/grpc/blob/master/doc/compression.md
    'grpc-accept-encoding': 'identity,gzip',
  });
}

/** Answers with nothing but headers, and lets a client that still sends stop. */
function respondAlone(stream: ServerHttp2Stream, headers: Readonly<Record<string, string | number>>): void {
  if (stream.closed || stream.headersSent) return;
  stream.respond(headers, { endStream: true });
  if (stream.readableEnded) return;
  stream.resume();
  stream.close(HTTP2_NO_ERROR);
}
