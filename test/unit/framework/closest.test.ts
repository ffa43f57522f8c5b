import { expect, test } from 'vitest';
import { closest } from '../../../src/framework/closest.ts';

test.each([
  ['helo', ['hello', 'goodbye'], 'hello'],
  ['Hello', ['hello'], 'hello'],
  ['hello', ['help', 'hell'], 'hell'],
  ['hello', ['goodbye'], undefined],
  ['hello', [], undefined],
  ['a', ['b'], 'b'],
])('%s among %j is %s', (meant, candidates, found) => {
  expect(closest(meant, candidates)).toBe(found);
});
