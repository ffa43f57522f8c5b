import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeBuildPlan, readBuildpackPlan } from '../../../src/libcnb/plan.ts';
import { encodeToml } from '../../../src/libcnb/toml-file.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

test('encodes provides, requires and alternatives', () => {
  const plan = {
    provides: ['node'],
    requires: [{ name: 'node', metadata: { version: '24' } }, { name: 'npm' }],
    or: [{ provides: ['npm'] }, { requires: [{ name: 'node' }] }],
  };
  expect(encodeToml(encodeBuildPlan(plan))).toMatchInlineSnapshot(`
    "[[provides]]
    name = "node"

    [[requires]]
    name = "node"

      [requires.metadata]
      version = "24"

    [[requires]]
    name = "npm"

    [[or]]
      [[or.provides]]
      name = "npm"

    [[or]]
      [[or.requires]]
      name = "node"
    "
  `);
});

test('reads entries with and without metadata', async () => {
  const text = '[[entries]]\nname = "node"\n[entries.metadata]\nversion = "24"\n[[entries]]\nname = "npm"\n';
  const folder = makeFolder({ 'plan.toml': text, 'empty.toml': '' });
  expect(await readBuildpackPlan(join(folder, 'plan.toml'))).toEqual([
    { name: 'node', metadata: { version: '24' } },
    { name: 'npm', metadata: {} },
  ]);
  expect(await readBuildpackPlan(join(folder, 'empty.toml'))).toEqual([]);
});

test.each(['entries = 1', '[[entries]]\nversion = "1"'])('%j is refused', async (text) => {
  const folder = makeFolder({ 'plan.toml': text });
  expect(await failureOf(() => readBuildpackPlan(join(folder, 'plan.toml')), { folder })).toMatchSnapshot();
});
