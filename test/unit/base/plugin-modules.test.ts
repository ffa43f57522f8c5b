import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { pluginModules } from '../../../src/base/plugin-modules.ts';
import { makeFolder } from '../../support/workspace.ts';

test('modules of a folder and indexes of folders in it, in the order of their names', async () => {
  const folder = makeFolder({
    'b.cjs': '',
    'a.mts': '',
    'Z.js': '',
    'made.js': '',
    'made.ts': '',
    'other.mjs': '',
    'other.ts': '',
    'limit/index.ts': '',
    'limit/index.js': '',
    'limit/more.js': '',
    'nothing/a.js': '',
    'deep/er/index.js': '',
    'node_modules/index.js': '',
    '.git/index.js': '',
    'a.test.ts': '',
    'a.spec.js': '',
    'types.d.ts': '',
    'vitest.config.mts': '',
    'page.tsx': '',
    'data.json': '',
    'README.md': '',
  });
  symlinkSync('nowhere', join(folder, 'broken.js'));
  const found = (await pluginModules(folder)) ?? [];
  expect(found.map((path) => relative(folder, path))).toEqual([
    'Z.js',
    'a.mts',
    'b.cjs',
    'broken.js',
    'limit/index.js',
    'made.js',
    'other.mjs',
    'other.ts',
  ]);
});

const LEFT_ALONE = [
  'test.mjs',
  'test-quota.js',
  'quota-test.cjs',
  'quota_test.mjs',
  'quota.test.ts',
  'quota.spec.mts',
  'test/index.mjs',
  'tests/index.js',
  '__tests__/index.ts',
  '.eslintrc.cjs',
  '.config/index.js',
];
const PLUGINS = ['attest.js', 'contest/index.js', 'latest.mjs', 'spec.js', 'testing.js', 'tests.js'];

test('tests that runners find by themselves, and what begins with a dot, are no modules', async () => {
  const folder = makeFolder(Object.fromEntries([...LEFT_ALONE, ...PLUGINS].map((path) => [path, ''])));
  const found = (await pluginModules(folder)) ?? [];
  expect(found.map((path) => relative(folder, path))).toEqual(PLUGINS);
  expect(await pluginModules(join(folder, 'test'))).toEqual([join(folder, 'test/index.mjs')]);
});

test('one file, with and without its suffix, and nothing', async () => {
  const folder = makeFolder({ 'a.ts': '', 'a.test.js': '' });
  expect(await pluginModules(join(folder, 'a.ts'))).toEqual([join(folder, 'a.ts')]);
  expect(await pluginModules(join(folder, 'a'))).toEqual([join(folder, 'a.ts')]);
  expect(await pluginModules(join(folder, 'a.test.js'))).toEqual([join(folder, 'a.test.js')]);
  expect(await pluginModules(join(folder, 'b'))).toBeUndefined();
  expect(await pluginModules(makeFolder())).toEqual([]);
});
