import { expect, test } from 'vitest';
import { escapePath, segment } from '../../../../src/framework/dapr/segment.ts';

test.each([
  ['a/b?c', 'a%2Fb%3Fc'],
  ['...', '...'],
  ['a..b', 'a..b'],
])('the name %s is sent as %s', (name, sent) => {
  expect(segment(name)).toBe(sent);
});

test.each([
  ['orders/new?a=../b', 'orders/new?a=../b'],
  ['ö/..x', '%C3%B6/..x'],
])('the path %s is sent as %s', (path, sent) => {
  expect(escapePath(path)).toBe(sent);
});

test.each(['.', '..'])('the name "%s" leads elsewhere', (name) => {
  expect(() => segment(name)).toThrow(`"${name}" is no name that a path can have`);
});

test.each(['../../shutdown', 'a/../../metadata', 'a/..', '%2e%2e/x', '..%2Fx', String.raw`..\x`, './x'])(
  'the path "%s" leads elsewhere',
  (path) => {
    expect(() => escapePath(path)).toThrow('is no name that a path can have');
  },
);
