import { expect, test } from 'vitest';
import { heapOptions, takesCompiledCode } from '../../../../src/buildpack/launch/heap.ts';

test.each([
  ['24.21.0', 75, '--max-old-space-size-percentage=75'],
  ['24.6.0', 50, '--max-old-space-size-percentage=50'],
  ['22.21.0', 75, '--max-old-space-size-percentage=75'],
  ['24.5.0', 75, undefined],
  ['22.20.0', 75, undefined],
  ['23.11.0', 75, undefined],
  ['24.21.0', 0, undefined],
])('Node.js %s with %i per cent', (node, share, options) => {
  expect(heapOptions(node, share)).toBe(options);
});

test('Node.js 22 takes compiled code only without a size of the heap', () => {
  expect(takesCompiledCode('22.21.0', '--max-old-space-size-percentage=75')).toBe(false);
  expect(takesCompiledCode('22.20.0', undefined)).toBe(true);
  expect(takesCompiledCode('24.21.0', '--max-old-space-size-percentage=75')).toBe(true);
});
