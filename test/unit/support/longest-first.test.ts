import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/artefact.ts';
import { inOrder, LONGEST } from '../../support/longest-first.ts';

test('files that take longest are there, once each', () => {
  expect(LONGEST.filter((file) => !existsSync(join(ROOT, 'test', file)))).toEqual([]);
  expect(new Set(LONGEST).size).toBe(LONGEST.length);
});

test('files that take longest come first, others as they are', () => {
  const [longest = '', next = ''] = LONGEST;
  const files = ['b.test.ts', next, 'a.test.ts', longest].map((file) => ({ moduleId: join(ROOT, 'test', file) }));
  const sorted = inOrder(files).map(({ moduleId }) => moduleId.slice(join(ROOT, 'test').length + 1));
  expect(sorted).toEqual([longest, next, 'b.test.ts', 'a.test.ts']);
});
