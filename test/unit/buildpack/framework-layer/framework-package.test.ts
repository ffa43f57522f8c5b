import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FRAMEWORK } from '../../../../src/buildpack/framework-layer/framework-names.ts';
import {
  findFramework,
  FRAMEWORK_INDEX,
  installFramework,
  patternsFor,
  readFrameworkPackage,
} from '../../../../src/buildpack/framework-layer/framework-package.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const FILES = {
  'package.json': JSON.stringify({
    name: '@openfunction/functions-framework',
    version: '1.2.3',
    type: 'module',
    scripts: { x: 'y' },
  }),
  'build/base/a.js': 'a',
  'build/framework/index.js': 'index',
  'build/framework/index.d.ts': 'types',
  'build/node_modules/qs/index.js': 'qs',
  'build/node_modules/qs/LICENSE': 'licence',
  'build/serve/1.index.js': 'part',
  'build/serve/index.js': 'main',
  'build/check/index.js': 'check',
};

/** A buildpack with these files, bundled as the project's own. */
async function buildpackOf(files: Record<string, string>) {
  const folder = makeFolder(files);
  const framework = await findFramework(folder, [FRAMEWORK.main], patternsFor('function'));
  if (framework === undefined) throw new Error('incomplete');
  const { digest, paths } = framework;
  writeFileSync(join(folder, FRAMEWORK_INDEX), JSON.stringify({ function: { digest, paths } }));
  return { folder, digest, paths };
}

test('an image gets the framework alone', async () => {
  const { folder: buildpack, digest, paths } = await buildpackOf(FILES);
  const framework = await readFrameworkPackage(buildpack, 'function');
  expect(framework).toMatchObject({ version: '1.2.3', digest });
  const nodeModules = makeFolder();
  await installFramework(framework, nodeModules);
  const folder = join(nodeModules, '@openfunction/functions-framework');
  expect(paths).toEqual([
    'build/base/a.js',
    'build/framework/index.js',
    'build/node_modules/qs/LICENSE',
    'build/node_modules/qs/index.js',
    'build/serve/1.index.js',
    'build/serve/index.js',
  ]);
  expect([...framework.files().keys()]).toEqual(['package.json', ...paths]);
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({
    name: '@openfunction/functions-framework',
    version: '1.2.3',
    type: 'module',
  });
  expect(existsSync(join(folder, 'build/check/index.js'))).toBe(false);
});

test('the digest follows names and bytes', async () => {
  const digestOf = async (files: Record<string, string>): Promise<string> => (await buildpackOf(files)).digest;
  const base = await digestOf(FILES);
  expect(await digestOf({ ...FILES, 'build/check/index.js': 'other' })).toBe(base);
  expect(await digestOf({ ...FILES, 'build/base/a.js': 'b' })).not.toBe(base);
});

test('a folder without what is needed has none', async () => {
  expect(await findFramework(makeFolder(FILES), ['build/runner/index.js'], patternsFor('runner'))).toBeUndefined();
});

test('a buildpack without it is incomplete', async () => {
  const buildpack = makeFolder({ 'package.json': '{"version": "1"}', [FRAMEWORK_INDEX]: '{"runner": {}}' });
  expect(await failureOf(() => readFrameworkPackage(buildpack, 'function'), { buildpack })).toMatchInlineSnapshot(`
    "ERROR [OFN-BUILDPACK] Couldn't find the functions framework in the buildpack at <buildpack>.

    The builder image is incomplete: pull it again, or run "make builder" in its repository."
  `);
});
