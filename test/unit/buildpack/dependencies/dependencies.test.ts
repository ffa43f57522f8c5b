import { expect, test } from 'vitest';
import { findDependencies } from '../../../../src/buildpack/dependencies/dependencies.ts';
import { readPackageJson } from '../../../../src/buildpack/project/package-json.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const TOOLCHAIN = { abi: '137', architectures: { builder: 'amd64', target: 'amd64' }, installScripts: 'on' as const };
const LOCK = {
  packages: { '': {}, 'node_modules/a': {}, 'node_modules/@s/b': {}, 'node_modules/a/node_modules/c': {} },
};

async function find(files: Record<string, unknown>, toolchain = TOOLCHAIN) {
  const texts = Object.entries(files).map(([path, value]) => [
    path,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const app = makeFolder(Object.fromEntries(texts));
  return findDependencies(app, await readPackageJson(app), toolchain);
}

test.each<[string, Record<string, unknown>]>([
  ['no package.json', {}],
  ['the framework alone', { 'package.json': { dependencies: { '@openfunction/functions-framework': '^0.4.1' } } }],
  ['no dependencies', { 'package.json': { devDependencies: { a: '1' } } }],
  ['an empty lock file', { 'package.json': {}, 'package-lock.json': { packages: { '': {} } } }],
])('%s: nothing to install', async (_, files) => {
  expect(await find(files)).toBeUndefined();
});

test('images for development and tests have nothing to install where there is nothing', async () => {
  const development = { ...TOOLCHAIN, keepsDevelopment: true };
  expect(await find({ 'package.json': { name: 'app' } }, development)).toBeUndefined();
  const framework = { '@openfunction/functions-framework': '^1.0.0' };
  expect(await find({ 'package.json': { devDependencies: framework } }, development)).toBeUndefined();
  expect(await find({ 'package.json': { devDependencies: { a: '1' } } }, development)).toMatchObject({
    production: false,
  });
});

test('workspaces are installed without dependencies and without a lock file', async () => {
  expect(await find({ 'package.json': { workspaces: ['packages/*'] } })).toMatchObject({ choice: { lock: undefined } });
});

test('a lock file with links makes every install unique', async () => {
  const lock = { packages: { '': {}, 'node_modules/a': { resolved: 'lib', link: true } } };
  const found = await find({ 'package.json': { overrides: { a: 'file:lib' } }, 'package-lock.json': lock });
  expect(found?.unique).toBe('the lock file makes node_modules/a a folder of the app');
});

test('what is locked is installed, in both formats of lock files', async () => {
  const found = { choice: { lock: { name: 'package-lock.json' } }, unique: undefined };
  expect(await find({ 'package.json': {}, 'package-lock.json': LOCK })).toMatchObject(found);
  expect(await find({ 'package.json': {}, 'package-lock.json': { dependencies: { a: {} } } })).toMatchObject(found);
});

test('without a lock file the dependencies are installed', async () => {
  expect(await find({ 'package.json': { optionalDependencies: { b: '2' } } })).toMatchObject({
    choice: { lock: undefined },
  });
});

test('npm-shrinkwrap.json wins over package-lock.json', async () => {
  const files = {
    'package.json': { dependencies: { a: '1' } },
    'package-lock.json': LOCK,
    'npm-shrinkwrap.json': LOCK,
  };
  expect(await find(files)).toMatchObject({ choice: { lock: { name: 'npm-shrinkwrap.json' } } });
});

test('a range that begins with ~ is no folder', async () => {
  expect((await find({ 'package.json': { dependencies: { a: '~1.0.0' } } }))?.unique).toBeUndefined();
});

test('scripts that prepare a working copy change nothing', async () => {
  const found = await find({ 'package.json': { dependencies: { a: '1' }, scripts: { prepare: 'husky' } } });
  expect(found?.unique).toBeUndefined();
});

test('the key follows what decides node_modules and nothing else', async () => {
  const files = { 'package.json': { dependencies: { a: '1' } }, 'package-lock.json': LOCK };
  const base = await find(files);
  const same = await find({ ...files, 'package.json': { dependencies: { a: '1' }, version: '2' }, 'index.js': 'x' });
  expect(same?.key).toBe(base?.key);
  const others = await Promise.all([
    find({ ...files, 'package.json': { dependencies: { a: '2' } } }),
    find({ ...files, 'package-lock.json': { ...LOCK, x: 1 } }),
    find({ ...files, '.npmrc': 'omit-optional=true' }),
    find(files, { ...TOOLCHAIN, abi: '127' }),
    find(files, { ...TOOLCHAIN, architectures: { builder: 'amd64', target: 'arm64' } }),
  ]);
  expect(new Set([base, ...others].map((found) => found?.key)).size).toBe(6);
});

test.each<[string, Record<string, unknown>]>([
  ['a script that runs on install', { scripts: { postinstall: 'x' } }],
  ['a folder as dependency', { dependencies: { a: 'file:lib' } }],
  ['workspaces', { workspaces: ['x'] }],
])('%s makes every install unique', async (_, manifest) => {
  const found = await find({ 'package.json': { dependencies: { a: '1' }, ...manifest } });
  expect(found?.unique).toMatchSnapshot();
});

test.each([
  ['package-lock.json', 'OFN-DEPS-LOCK'],
  ['.npmrc', 'OFN-CONFIG'],
])('a folder in place of %s is a coded error with its path', async (file, code) => {
  const app = makeFolder({ 'package.json': '{"dependencies": {"a": "1"}}', [`${file}/x`]: '' });
  const packageJson = await readPackageJson(app);
  expect(await failureOf(() => findDependencies(app, packageJson, TOOLCHAIN), { app })).toContain(
    `ERROR [${code}] Couldn't read <app>/${file}: it is a folder.`,
  );
});
