import { expect, test } from 'vitest';
import { isInside } from '../../../src/base/inside.ts';

test.each([
  ['/a', '/a', true],
  ['/a', '/a/b', true],
  ['/a', '/a/..b', true],
  ['/a', '/a/.../b', true],
  ['/', '/a', true],
  ['/a', '/ab', false],
  ['/a', '/', false],
  ['/a', '/b', false],
  ['/a/b', '/a', false],
])('in %s is %s: %s', (folder, path, expected) => {
  expect(isInside(folder, path)).toBe(expected);
});
