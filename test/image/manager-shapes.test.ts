import { expect, test } from 'vitest';
import { WAYS } from '../support/image.ts';
import { MANAGER_SHAPES } from '../support/manager-shapes.ts';
import { ANSWER } from '../support/shape.ts';
import { answersOf } from '../support/shape-image.ts';

const IMAGE = 'ofn-test-manager';

/** One of each kind is built without a daemon too: what differs between the two is not what the buildpack does. */
const BUILT_TWICE = new Set([
  'npm and the framework in the lock file',
  'pnpm workspace',
  'Yarn 4 with PnP',
  'bun with a build script',
]);

test.each(Object.entries(MANAGER_SHAPES))(
  '%s: the function is built and answers as any user on a read-only root',
  async (name, shape) => {
    const ways = BUILT_TWICE.has(name) ? WAYS : (['docker'] as const);
    const answers = await answersOf(ways, shape, IMAGE);
    expect(answers).toEqual(ways.map(() => ANSWER));
  },
);
