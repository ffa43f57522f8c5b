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
  const found = await find({ 'package.json': { dependencies: { a: '1' } }, 'package-lock.json': lock });
  expect(found?.unique).toBe('the lock file has the folder lib of the app');
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
  ['a folder in place of a package', { overrides: { b: { a: 'file:lib' } } }],
  ['a folder as a resolution', { resolutions: { 'b/a': './lib' } }],
  ['a folder in place of a package, as pnpm has it', { pnpm: { overrides: { a: 'link:lib' } } }],
  ['a patch', { patchedDependencies: { 'a@1': 'patches/a.patch' } }],
  ['a patch, as pnpm has it', { pnpm: { patchedDependencies: { 'a@1': 'patches/a.patch' } } }],
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

const WORKSPACES = {
  'package.json': { workspaces: ['packages/*', '!packages/old'] },
  'packages/a/package.json': { name: '@me/a', dependencies: { b: '1' } },
  'packages/old/package.json': { name: '@me/old', scripts: { install: 'x' } },
};

test('workspaces are known by their manifests, also without a lock file', async () => {
  const base = await find(WORKSPACES);
  expect(base).toMatchObject({ folders: ['', 'packages/a'], unique: undefined });
  expect((await find({ ...WORKSPACES, 'packages/a/index.js': 'x' }))?.key).toBe(base?.key);
  const others = await Promise.all([
    find({ ...WORKSPACES, 'packages/a/package.json': { name: '@me/a', dependencies: { b: '2' } } }),
    find({ ...WORKSPACES, 'packages/c/package.json': { name: '@me/c' } }),
  ]);
  expect(new Set([base, ...others].map((found) => found?.key)).size).toBe(3);
  expect(others[0]?.inputs).toHaveProperty(['packages/a/package.json']);
});

test.each<[string, Record<string, unknown>]>([
  ['a script that runs on install', { 'packages/a/package.json': { name: '@me/a', scripts: { install: 'x' } } }],
  ['a folder as dependency', { 'packages/a/package.json': { name: '@me/a', dependencies: { b: 'file:../../b' } } }],
  ['native code', { 'packages/a/binding.gyp': '{}' }],
])('%s of a workspace makes every install unique', async (_, files) => {
  expect((await find({ ...WORKSPACES, ...files }))?.unique).toMatchSnapshot();
});

const LINKED = { packages: { '': {}, 'node_modules/@me/a': { resolved: 'packages/a', link: true } } };

test.each<[string, Record<string, unknown>, readonly string[]]>([
  ['npm', { 'package-lock.json': LINKED }, ['', 'packages/a']],
  [
    'pnpm',
    {
      'package.json': {},
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  packages/a:\n    dependencies:\n      c:\n        specifier: workspace:*\n        version: link:../c\n",
    },
    ['', 'packages/a', 'packages/old'],
  ],
  [
    'Yarn 2 and later',
    {
      'yarn.lock':
        '__metadata:\n  version: 8\n\n"@me/a@workspace:packages/a":\n  resolution: "@me/a@workspace:packages/a"\n',
    },
    ['', 'packages/a'],
  ],
  [
    'bun',
    { 'bun.lock': '{\n  "packages": {\n    "@me/a": ["@me/a@workspace:packages/a"],\n  }\n}\n' },
    ['', 'packages/a'],
  ],
])('what %s links to is one of the workspaces', async (_, files, folders) => {
  const manifests = { ...WORKSPACES, 'packages/old/package.json': { name: '@me/old' } };
  const found = await find({ ...manifests, ...files });
  expect(found).toMatchObject({ folders, unique: undefined });
  const elsewhere = Object.entries(files).map(([path, text]) => [
    path,
    typeof text === 'string'
      ? text.replaceAll('packages/a', 'libs/a')
      : JSON.parse(JSON.stringify(text).replaceAll('packages/a', 'libs/a')),
  ]);
  const other = await find({ ...manifests, ...Object.fromEntries(elsewhere) });
  expect(other?.unique).toBe('the lock file has the folder libs/a of the app');
});
