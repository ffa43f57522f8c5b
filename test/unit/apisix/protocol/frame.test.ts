import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../../../src/apisix/protocol/frame.ts';
import { frame } from '../../../support/apisix/client.ts';

type Seen = readonly [kind: number, payload: string];

function reading(isTaken: (count: number) => boolean = () => true) {
  const seen: Seen[] = [];
  const reader = new FrameReader((kind, payload) => {
    seen.push([kind, payload.toString('latin1')]);
    return isTaken(seen.length);
  });
  return { reader, seen };
}

const frames = fc.array(fc.tuple(fc.nat(255), fc.string({ maxLength: 20, unit: 'binary-ascii' })), { maxLength: 8 });

test('frames are what they were, however the bytes are cut', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(([kind, payload]) => frame(kind, Buffer.from(payload, 'latin1'))));
      const { reader, seen } = reading();
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const end = at + (cuts[turn % cuts.length] ?? 1);
        reader.push(bytes.subarray(at, end));
        at = end;
      }
      expect(seen).toEqual(sent);
      expect(reader.isBetweenFrames).toBe(true);
    }),
  );
});

test('bytes may be written over as soon as they are taken, and those behind the length are none', () => {
  const payloads: Buffer[] = [];
  const reader = new FrameReader((_kind, payload) => payloads.push(payload) !== 1);
  const memory = Buffer.concat([frame(2, Buffer.from('one')), frame(2, Buffer.from('two')), Buffer.alloc(20, 'x')]);
  reader.push(memory, memory.length - 20);
  memory.fill('y');
  reader.release();
  expect(payloads.map(String)).toEqual(['one', 'two']);
  expect(reader.isBetweenFrames).toBe(true);
});

test('frames behind one that is not finished wait, in the order they came', () => {
  const { reader, seen } = reading((count) => count !== 1);
  reader.push(Buffer.concat([frame(1, Buffer.from('a')), frame(2, Buffer.from('b'))]));
  reader.push(frame(3, Buffer.from('c')).subarray(0, 3));
  expect(seen).toEqual([[1, 'a']]);
  expect(reader.isBetweenFrames).toBe(false);
  reader.release();
  reader.push(frame(3, Buffer.from('c')).subarray(3));
  expect(seen).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
});

test('the end of a stream within a header or a payload is told', () => {
  const { reader } = reading();
  reader.push(Buffer.from([1, 0]));
  expect(reader.isBetweenFrames).toBe(false);
  reader.push(Buffer.from([0, 2, 65]));
  expect(reader.isBetweenFrames).toBe(false);
  reader.push(Buffer.from([66]));
  expect(reader.isBetweenFrames).toBe(true);
});
