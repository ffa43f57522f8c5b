import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decompress,
  encodeFrame,
  type Frame,
  FrameDecoder,
  MAX_MESSAGE_SIZE,
  refuseEncoding,
} from '../../../../src/framework/grpc/frame.ts';
import { GrpcError } from '../../../../src/framework/grpc/status.ts';

/** The frames that a decoder finds in chunks. */
function decode(chunks: readonly Buffer[], maxSize = MAX_MESSAGE_SIZE): Frame[] {
  const frames: Frame[] = [];
  const decoder = new FrameDecoder(maxSize, (frame) => frames.push(frame));
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end();
  return frames;
}

/** Bytes in pieces, cut at some places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const message = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

describe('messages with a prefix', () => {
  test('are found however they are cut', () => {
    const property = fc.property(fc.array(message), fc.array(fc.nat()), (messages, places) => {
      const bytes = Buffer.concat(messages.map((message) => encodeFrame(message)));
      const frames = decode(cut(bytes, places));
      expect(frames.map(({ payload }) => payload.toString('hex'))).toEqual(messages.map((one) => one.toString('hex')));
    });
    fc.assert(property);
  });

  test('are found byte by byte', () => {
    const bytes = Buffer.concat([encodeFrame(Buffer.from('a')), encodeFrame(Buffer.from(''))]);
    expect(decode([...bytes].map((byte) => Buffer.from([byte])))).toHaveLength(2);
  });

  test('are not copied when they come in one piece', () => {
    const bytes = encodeFrame(Buffer.from('message'));
    expect(decode([bytes])[0]?.payload.buffer).toBe(bytes.buffer);
  });

  test('say that they are compressed', () => {
    expect(decode([Buffer.from([1, 0, 0, 0, 0])])).toEqual([{ compressed: true, payload: Buffer.alloc(0) }]);
  });

  test.each([
    ['larger than allowed', [0, 0, 0, 0, 11], 8, 'a message is larger than 10 bytes'],
    ['much larger than allowed', [0, 0xff, 0xff, 0xff, 0xff], 8, 'a message is larger than 10 bytes'],
    ['with a strange flag', [2, 0, 0, 0, 0], 13, '2 is no flag of a message'],
    ['cut off in the prefix', [0, 0], 13, 'the stream ends within a message'],
    ['cut off in the message', [0, 0, 0, 0, 2, 1], 13, 'the stream ends within a message'],
  ])('%s fail', (_, bytes, status, text) => {
    expect(() => decode([Buffer.from(bytes)], 10)).toThrow(new GrpcError(status, text));
  });

  test('out of noise are frames or a coded error', () => {
    const noise = fc.array(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)));
    const property = fc.property(noise, (chunks) => {
      let failure: unknown;
      try {
        decode(chunks, 1000);
      } catch (error) {
        failure = error;
      }
      expect(failure === undefined || failure instanceof GrpcError).toBe(true);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

describe('compressed messages', () => {
  const frame = (payload: Buffer): Frame => ({ compressed: true, payload });

  test('are decompressed', async () => {
    expect(String(await decompress(frame(gzipSync('text')), 'gzip', 4))).toBe('text');
  });

  test.each([
    ['a bomb', gzipSync(Buffer.alloc(1_000_000)), 'gzip', 8, 'a message is larger than 1000 bytes'],
    ['noise', Buffer.from('noise'), 'gzip', 13, 'a message can not be decompressed: incorrect header check'],
    [
      'half of it',
      gzipSync('text').subarray(0, 12),
      'gzip',
      13,
      'a message can not be decompressed: unexpected end of file',
    ],
    ['no encoding', gzipSync('text'), undefined, 13, 'a message is compressed, but grpc-encoding does not say how'],
  ])('%s fails', async (_, payload, encoding, status, text) => {
    await expect(decompress(frame(payload), encoding, 1000)).rejects.toEqual(new GrpcError(status, text));
  });

  test('of other encodings are refused', () => {
    expect([undefined, 'identity', 'gzip'].map(refuseEncoding)).toEqual([undefined, undefined, undefined]);
    expect(refuseEncoding('snappy')).toEqual(new GrpcError(12, 'grpc-encoding "snappy" is not served'));
  });
});
