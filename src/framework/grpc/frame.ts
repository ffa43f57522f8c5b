import type * as Zlib from 'node:zlib';
import { GRPC_STATUS, GrpcError } from './status.ts';

/** The most bytes of a message unless somebody says otherwise: what gRPC has by default, and Dapr as well. */
export const MAX_MESSAGE_SIZE: number = 4 * 1024 * 1024;

/** A flag and a length: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests */
const PREFIX_SIZE = 5;

/** A message as it travels. */
export interface Frame {
  readonly compressed: boolean;
  /** A view of what came where it came in one piece. */
  readonly payload: Buffer;
}

/** A message behind its prefix, which says whether it is compressed. */
export function encodeFrame(message: Uint8Array, compressed = false): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_SIZE + message.length);
  frame[0] = compressed ? 1 : 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_SIZE);
  return frame;
}

/** Finds the messages in a stream, however it is cut. Never keeps more than one message of `maxSize` bytes. */
export class FrameDecoder {
  private readonly maxSize: number;
  private readonly onFrame: (frame: Frame) => void;
  /** The beginning of a frame, and how many bytes of it have to be there before it is looked at again. */
  private chunks: Buffer[] = [];
  private kept = 0;
  private needed = 0;

  constructor(maxSize: number, onFrame: (frame: Frame) => void) {
    this.maxSize = maxSize;
    this.onFrame = onFrame;
  }

  /** Takes what came; throws a `GrpcError`, also what `onFrame` throws, after which nothing more may be pushed. */
  push(chunk: Buffer): void {
    const bytes = this.kept === 0 ? chunk : this.join(chunk);
    if (bytes === undefined) return;
    let start = 0;
    while (bytes.length - start >= PREFIX_SIZE) {
      const flag = bytes[start];
      const length = bytes.readUInt32BE(start + 1);
      if (flag !== 0 && flag !== 1) throw new GrpcError(GRPC_STATUS.INTERNAL, `${flag} is no flag of a message`);
      if (length > this.maxSize) throw tooLarge(this.maxSize);
      const end = start + PREFIX_SIZE + length;
      if (end > bytes.length) {
        this.keep(bytes, start, PREFIX_SIZE + length);
        return;
      }
      this.onFrame({ compressed: flag === 1, payload: bytes.subarray(start + PREFIX_SIZE, end) });
      start = end;
    }
    this.keep(bytes, start, PREFIX_SIZE);
  }

  /** Throws a `GrpcError` when the stream ends within a message. */
  end(): void {
    if (this.kept > 0) throw new GrpcError(GRPC_STATUS.INTERNAL, 'the stream ends within a message');
  }

  private keep(bytes: Buffer, start: number, needed: number): void {
    this.kept = bytes.length - start;
    this.needed = needed;
    this.chunks = this.kept === 0 ? [] : [bytes.subarray(start)];
  }

  /** What was kept and `chunk` in one piece; undefined as long as that is too little. */
  private join(chunk: Buffer): Buffer | undefined {
    this.chunks.push(chunk);
    this.kept += chunk.length;
    return this.kept < this.needed ? undefined : Buffer.concat(this.chunks, this.kept);
  }
}

/** Why streams with an encoding are not served, if they are not; undefined and `identity` are none. */
export function refuseEncoding(encoding: string | undefined): GrpcError | undefined {
  if (encoding === undefined || encoding === 'identity' || encoding === 'gzip') return undefined;
  return new GrpcError(GRPC_STATUS.UNIMPLEMENTED, `grpc-encoding "${encoding}" is not served`);
}

/** The message of a frame whose stream has `encoding`; rejects with a `GrpcError`, also beyond `maxSize` bytes. */
export function decompress({ payload }: Frame, encoding: string | undefined, maxSize: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  if (encoding !== 'gzip') {
    reject(new GrpcError(GRPC_STATUS.INTERNAL, 'a message is compressed, but grpc-encoding does not say how'));
    return promise;
  }
  // oxlint-disable-next-line no-restricted-globals -- loads a part of Node.js that only compressed messages need
  const zlib: typeof Zlib = process.getBuiltinModule('node:zlib');
  zlib.gunzip(payload, { maxOutputLength: maxSize }, (error, message) => {
    if (error === null) resolve(message);
    else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(maxSize));
    else reject(new GrpcError(GRPC_STATUS.INTERNAL, `a message can not be decompressed: ${error.message}`));
  });
  return promise;
}

function tooLarge(maxSize: number): GrpcError {
  return new GrpcError(GRPC_STATUS.RESOURCE_EXHAUSTED, `a message is larger than ${maxSize} bytes`);
}
