import { expect, test } from 'vitest';
import { changesOf, inputsOf } from '../../../src/base/layer-inputs.ts';

test('the metadata of a layer tells what it was made of, or nothing', () => {
  expect(inputsOf({ key: 'abc', made: { of: { version: '24.21.0' } } })).toEqual({ version: '24.21.0' });
  for (const metadata of [undefined, 'text', {}, { made: 1 }, { made: { of: [] } }]) {
    expect(inputsOf(metadata)).toBeUndefined();
  }
});

test('values are told with the one before, digests by name alone, equal ones not at all', () => {
  const before = { version: '22.18.0', 'package-lock.json': 'sha256:a', '.npmrc': 'sha256:b', arch: 'x64', old: '1' };
  const after = { version: '24.21.0', 'package-lock.json': 'sha256:c', 'bun.lock': 'sha256:d', arch: 'x64' };
  expect(changesOf(before, after)).toEqual([
    '.npmrc (gone)',
    'bun.lock (new)',
    'old 1 -> none',
    'package-lock.json',
    'version 22.18.0 -> 24.21.0',
  ]);
});
