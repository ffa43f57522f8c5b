import { expect, test } from 'vitest';
import { describeOutcome, type BuildOutcome } from '../../../src/cli/result.ts';

const OUTCOME: BuildOutcome = {
  image: 'hello',
  id: { label: 'digest', value: 'sha256:1' },
  size: 52_300_000,
  ownSize: 20_000,
  unit: 'compressed',
  place: 'its registry',
  phases: [{ name: 'building', milliseconds: 1500 }],
};

test('the end of a build says what it gave', () => {
  expect(describeOutcome(OUTCOME)).toMatchInlineSnapshot(`
    "
      building        1.50 s
      total           1.50 s

    image     hello
    in        its registry
    digest    sha256:1
    size      52.3 MB compressed, of it the function's own layers 0.02 MB
    "
  `);
});

test('a size that nobody tells is not printed, and an image ID is called so', () => {
  const outcome: BuildOutcome = { ...OUTCOME, id: { label: 'image id', value: 'sha256:2' }, size: undefined };
  expect(describeOutcome(outcome)).not.toContain('size');
  expect(describeOutcome(outcome)).toContain('image id  sha256:2');
});
