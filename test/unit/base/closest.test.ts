import { expect, test } from 'vitest';
import { closest } from '../../../src/base/closest.ts';

test.each([
  ['helo', ['hello', 'goodbye'], 'hello'],
  ['Hello', ['hello'], 'hello'],
  ['hello', ['help', 'hell'], 'hell'],
  ['hello', ['goodbye'], undefined],
  ['hello', [], undefined],
  ['a', ['b'], 'b'],
  ['naem', ['type', 'name'], 'name'],
])('%s among %j is %s', (meant, candidates, found) => {
  expect(closest(meant, candidates)).toBe(found);
});
