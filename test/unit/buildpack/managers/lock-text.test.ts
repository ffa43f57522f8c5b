import { expect, test } from 'vitest';
import { withoutEntries } from '../../../../src/buildpack/managers/lock-text.ts';
import { lockFile } from '../../../support/shape.ts';

const FRAMEWORK = '@openfunction/functions-framework';

/** The lines that `after` lacks, and those that it has instead. */
function changeOf(before: string, after: string): { gone: string[]; come: string[] } {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const other = (from: string[], to: string[]): string[] => from.filter((line) => !to.includes(line));
  return { gone: other(old, now), come: other(now, old) };
}

test.each(['pnpm-10', 'pnpm-8', 'yarn-1', 'yarn-3', 'yarn-4', 'bun'])(
  'of a lock file of %s only what is about the package goes',
  (name) => {
    const before = lockFile(`framework.${name}`);
    const after = withoutEntries(before, FRAMEWORK);
    expect(after).not.toContain(FRAMEWORK);
    expect(changeOf(before, after)).toMatchSnapshot();
  },
);

test('a package whose name only begins alike stays', () => {
  const text =
    "importers:\n  .:\n    dependencies:\n      '@openfunction/functions-framework-extra':\n        version: 1.0.0\n";
  expect(withoutEntries(text, FRAMEWORK)).toBe(text);
});

test('a table that is emptied stays one', () => {
  const text =
    "importers:\n  .:\n    dependencies:\n      '@openfunction/functions-framework':\n        version: 1.0.0\n\npackages:\n";
  expect(withoutEntries(text, FRAMEWORK)).toBe('importers:\n  .:\n    dependencies: {}\n\npackages:\n');
});
