import { expect, test } from 'vitest';
import { bytesOf, textOf } from '../../../../src/apisix/protocol/text.ts';

test('bytes are UTF-8, and where they are none a character each', () => {
  expect(textOf(Buffer.from('é\u{1F680}'))).toBe('é\u{1F680}');
  expect(textOf(Buffer.from([0x68, 0xe9]))).toBe('hé');
  // The character that stands for damage is one like any other.
  expect(textOf(Buffer.from('\uFFFD'))).toBe('\uFFFD');
  expect(textOf(new Uint8Array())).toBe('');
});

test('texts become UTF-8, bytes stay what they are', () => {
  expect(Buffer.from(bytesOf('é')).toString('hex')).toBe('c3a9');
  const bytes = Uint8Array.of(0xe9);
  expect(bytesOf(bytes)).toBe(bytes);
});
