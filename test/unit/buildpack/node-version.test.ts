import { expect, test } from 'vitest';
import { chooseNode } from '../../../src/buildpack/node-version.ts';
import type { PackageJson } from '../../../src/buildpack/package-json.ts';
import { failureOf } from '../../support/failure.ts';

const BUILDER = { BP_RUN_IMAGE_NODE_VERSION: '24.21.0' };
const asking = (nodeRange: string | undefined): PackageJson => ({
  name: undefined,
  nodeRange,
  dependencies: {},
  scripts: {},
  openfunction: undefined,
  raw: {},
});

test.each([undefined, '>=22', '24', '^24.1.0', '20 || 24', '*'])(
  'engines.node %s is served by the run image',
  (range) => {
    expect(chooseNode(asking(range), BUILDER)).toBe('24.21.0');
  },
);

test('an app without package.json takes what is there', () => {
  expect(chooseNode(undefined, BUILDER)).toBe('24.21.0');
});

test.each(['20', '<24', 'not a range'])('engines.node %s is refused', async (range) => {
  expect(await failureOf(() => chooseNode(asking(range), BUILDER))).toMatchSnapshot();
});

test('a builder that does not say what it has is refused', async () => {
  expect(await failureOf(() => chooseNode(undefined, {}))).toMatchInlineSnapshot(`
    "ERROR [OFN-NODE-VERSION] Couldn't choose a version of Node.js: the builder does not say which one its run image has.

    Use the builder openfunction/builder-node; another builder has to set BP_RUN_IMAGE_NODE_VERSION."
  `);
});
