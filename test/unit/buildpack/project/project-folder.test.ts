import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findProjectFolder } from '../../../../src/buildpack/project/project-folder.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const LOCK = 'package-lock.json';

test.each([
  ['the root, without anything', [], 'fn', ''],
  ['the root, with a package.json', ['package.json', 'fn/package.json'], 'fn', ''],
  ['the root of a monorepo', ['package.json', LOCK, 'packages/fn/package.json'], 'packages/fn', ''],
  ['the folder of a source with a lock file', ['package.json', LOCK, `fn/${LOCK}`, 'fn/package.json'], 'fn', 'fn'],
  ['a folder above the source', ['fn/package.json', 'fn/yarn.lock'], 'fn/src/index.js', 'fn'],
  ['the nearest package.json, where the root has none', ['a/package.json', 'a/fn/package.json'], 'a/fn', 'a/fn'],
  ['the root, for a source outside', ['package.json'], '../fn', ''],
])('%s', async (_, files, source, folder) => {
  const app = makeFolder(Object.fromEntries(files.map((path) => [path, '{}'])));
  const found = await findProjectFolder(app, { value: '', source: 'default' }, source);
  expect(relative(app, found)).toBe(folder);
});

test('the folder that a setting names, or a coded error', async () => {
  const app = makeFolder({ 'fn/package.json': '{}', 'other/index.js': '', [LOCK]: '' });
  const named = (value: string): Promise<string> =>
    findProjectFolder(app, { value, source: 'BP_NODE_PROJECT_PATH' }, '.');
  expect(await named('fn')).toBe(join(app, 'fn'));
  expect(await failureOf(() => named('other'))).toMatchSnapshot();
  expect(await failureOf(() => named('..'))).toContain('ERROR [OFN-CONFIG] Couldn\'t use the folder ".."');
});

test('a workspace with a lock file of its own belongs to the project above it', async () => {
  const files = { 'a/package.json': '{"workspaces": ["*"]}', 'a/fn/package.json': '{}', [`a/fn/${LOCK}`]: '{}' };
  const app = makeFolder(files);
  const found = (appDir: string, source: string): Promise<string> =>
    findProjectFolder(appDir, { value: '', source: 'default' }, source);
  expect(await found(app, 'a/fn')).toBe(join(app, 'a'));
  expect(await found(join(app, 'a/fn'), '.')).toBe(join(app, 'a/fn'));
});
