import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseManager } from '../../../../src/buildpack/managers/choose.ts';
import { readPackageJson } from '../../../../src/buildpack/project/package-json.ts';
import { developmentBill } from '../../../../src/buildpack/sbom/locked-bills.ts';
import { readInstalled } from '../../../../src/buildpack/sbom/installed.ts';
import type { Lock } from '../../../../src/buildpack/sbom/locks/locked.ts';
import { readLock } from '../../../../src/buildpack/sbom/locks/read-lock.ts';
import { ROOT } from '../../../support/artefact.ts';
import { failureOf } from '../../../support/failure.ts';
import { frameworkApp, json, lockFile, monorepo, plainApp } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

const NAMES: Readonly<Record<string, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
};
const APPS: Readonly<Record<string, Record<string, string>>> = {
  plain: plainApp(),
  framework: frameworkApp(),
  workspace: monorepo('workspace:*'),
};

/** Reads the lock file of an app that is not installed. */
async function readIn(files: Readonly<Record<string, string>>) {
  const app = makeFolder(files);
  const packageJson = await readPackageJson(app);
  if (packageJson === undefined) throw new Error('The app has no package.json.');
  const lock = await readLock(await chooseManager(app, packageJson));
  return { app, lock, development: developmentBill(await readInstalled(app, true), lock) };
}

const specs = (lock: Lock | undefined) =>
  [...(lock?.packages.values() ?? [])].map(({ name, version }) => `${name}@${version}`);

test.each(readdirSync(join(ROOT, 'test/fixtures/lock-files')))('%s', async (fixture) => {
  const [app = '', manager = ''] = fixture.split(/[.-]/);
  const { lock, development } = await readIn({ ...APPS[app], [NAMES[manager] ?? '']: lockFile(fixture) });
  const expected = [
    'is-number@6.0.0',
    ...(app === 'workspace' ? ['is-number@7.0.0'] : []),
    'is-odd@3.0.1',
    'mkdirp@3.0.1',
  ];
  // What the framework needs stays in the lock file without it.
  const left = (spec: string): boolean => app !== 'framework' || expected.includes(spec);
  expect(specs(lock).filter(left).toSorted()).toEqual(expected);
  expect(specs(lock).join()).not.toContain('functions-framework');
  const odd = [...(lock?.packages.values() ?? [])].find(
    ({ name, version }) => name === 'is-odd' && version === '3.0.1',
  );
  expect(odd?.dependsOn.map((id) => lock?.packages.get(id)?.version)).toEqual(['6.0.0']);
  // Yarn 2 and later have checksums of archives of their own.
  expect(odd?.integrity).toBe(
    /yarn-[2-4]/.test(fixture)
      ? undefined
      : 'sha512-CQpnWPrDwmP1+SMHXZhtLtJv90yiyVfluGsX5iNCVkrhQtU3TQHsUWPG9wkdk9Lgd5yNpAg9jQEo90CBaXgWMA==',
  );
  expect(development.components.map(({ purl, scope }) => `${scope} ${purl}`)).toEqual(
    // Yarn 1 tells of no workspaces, and nothing is installed here that would.
    fixture === 'workspace.yarn-1' ? [] : ['development pkg:npm/mkdirp@3.0.1'],
  );
});

const MANIFEST = { name: 'app', version: '1.0.0' };

test('npm of version 1: a tree, in which an inner package wins', async () => {
  const entry = (version: string, more: object = {}) => ({ version, integrity: `sha512-${version}`, ...more });
  const { lock, development } = await readIn({
    'package.json': json({ ...MANIFEST, dependencies: { a: '1' }, devDependencies: { d: '1', b: '2' } }),
    'package-lock.json': json({
      lockfileVersion: 1,
      dependencies: {
        a: entry('1.0.0', { requires: { b: '^1.0.0' }, dependencies: { b: entry('1.0.0') } }),
        b: entry('2.0.0', { dev: true }),
        d: entry('1.0.0', { dev: true, requires: { b: '^2.0.0' } }),
      },
    }),
  });
  expect(lock?.packages.get('node_modules/a')?.dependsOn).toEqual(['node_modules/a/node_modules/b']);
  expect(development.components.map(({ purl, dependsOn }) => [purl, dependsOn])).toEqual([
    ['pkg:npm/b@2.0.0', []],
    ['pkg:npm/d@1.0.0', ['pkg:npm/b@2.0.0']],
  ]);
});

test('npm: an alias has its own name, a tarball no credentials, and what production needs too is not for development', async () => {
  const { lock, development } = await readIn({
    'package.json': json({ ...MANIFEST, dependencies: { a: 'npm:real@1' }, devDependencies: { c: '1' } }),
    'package-lock.json': json({
      lockfileVersion: 3,
      packages: {
        '': MANIFEST,
        'node_modules/a': { name: 'real', version: '1.0.0', dependencies: { b: '1' }, license: 'MIT' },
        'node_modules/b': { version: '1.0.0', resolved: 'https://me:secret@registry.example/b.tgz' },
        'node_modules/c': { version: '1.0.0', dependencies: { b: '1' } },
      },
    }),
  });
  expect(specs(lock)).toEqual(['real@1.0.0', 'b@1.0.0', 'c@1.0.0']);
  expect(lock?.packages.get('node_modules/b')?.source).toBe('https://registry.example/b.tgz');
  expect(development.components.map(({ name }) => name)).toEqual(['c']);
});

test('pnpm of version 5, and packages of tarballs, git and peers', async () => {
  const { lock } = await readIn({
    'package.json': json({ ...MANIFEST, dependencies: { '@s/a': '1', t: 'https://x.example/t.tgz' } }),
    'pnpm-lock.yaml': `lockfileVersion: 5.4
specifiers: {'@s/a': '1'}
dependencies:
  '@s/a': 1.0.0_peer@2.0.0
  t: '@x.example/t.tgz'
packages:
  /@s/a/1.0.0_peer@2.0.0:
    resolution: {integrity: sha512-a}
    dependencies: {b: 1.10.0}
  /b/1.10.0:
    resolution: {integrity: sha512-b}
  '@x.example/t.tgz':
    name: t
    version: 3.0.0
    resolution: {tarball: 'https://x.example/t.tgz'}
  github.com/o/g/abc:
    name: g
    version: 4.0.0
    resolution: {type: git, repo: 'https://github.com/o/g.git', commit: abc}
`,
  });
  expect(specs(lock)).toEqual(['@s/a@1.0.0', 'b@1.10.0', 't@3.0.0', 'g@4.0.0']);
  expect(lock?.find('', '@s/a', '1')).toEqual(['/@s/a/1.0.0_peer@2.0.0']);
  expect(lock?.packages.get('/@s/a/1.0.0_peer@2.0.0')?.dependsOn).toEqual(['/b/1.10.0']);
  expect([...(lock?.packages.values() ?? [])].map(({ source }) => source)).toEqual([
    undefined,
    undefined,
    'https://x.example/t.tgz',
    'git+https://github.com/o/g.git#abc',
  ]);
});

test('pnpm of version 9 with peers', async () => {
  const { lock } = await readIn({
    'package.json': json({ ...MANIFEST, dependencies: { a: '1' } }),
    'pnpm-lock.yaml': `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: '1', version: 1.0.0(b@2.0.0)}
packages:
  a@1.0.0:
    resolution: {integrity: sha512-a}
  b@2.0.0:
    resolution: {integrity: sha512-b}
snapshots:
  a@1.0.0(b@2.0.0):
    dependencies: {b: 2.0.0}
  b@2.0.0: {}
`,
  });
  expect(lock?.packages.get('a@1.0.0(b@2.0.0)')).toMatchObject({
    name: 'a',
    version: '1.0.0',
    integrity: 'sha512-a',
    dependsOn: ['b@2.0.0'],
  });
});

test('Yarn 1: SHA-1 behind addresses, aliases, several ranges of one', async () => {
  const sha1 = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3';
  const { lock } = await readIn({
    'package.json': json({ ...MANIFEST, dependencies: { mine: 'npm:@s/a@^1.0.0' } }),
    'yarn.lock': `# yarn lockfile v1


"mine@npm:@s/a@^1.0.0":
  version "1.0.0"
  resolved "https://registry.example/@s/a/-/a-1.0.0.tgz#${sha1}"
  dependencies:
    "@s/b" "^1.0.0 || ^2.0.0"
    c ">= 1"

"@s/b@^1.0.0 || ^2.0.0", "@s/b@2.x":
  version "2.0.0"

c@1, "c@>= 1":
  version "1.5.0"
`,
  });
  expect(lock?.packages.get('@s/a@1.0.0')).toEqual({
    name: '@s/a',
    version: '1.0.0',
    integrity: 'sha1-qUqP5cyxm6YcTAhz05Hph5gvu9M=',
    source: 'https://registry.example/@s/a/-/a-1.0.0.tgz',
    license: undefined,
    dependsOn: ['@s/b@2.0.0', 'c@1.5.0'],
  });
  expect(lock?.find('', 'mine', 'npm:@s/a@^1.0.0')).toEqual(['@s/a@1.0.0']);
});

test('Yarn 4: aliases and patches have the name of what they are, resolutions are found by name', async () => {
  const { lock } = await readIn({
    'package.json': json({ ...MANIFEST, packageManager: 'yarn@4.18.1' }),
    'yarn.lock': `__metadata:
  version: 8

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  languageName: unknown
  linkType: soft

"mine@npm:real@^1.0.0":
  version: 1.0.0
  resolution: "real@npm:1.0.0"
  dependencies:
    typescript: "npm:^5.0.0"
    pinned: "npm:^1.0.0"

"typescript@patch:typescript@npm%3A^5.0.0#optional!builtin<compat/typescript>":
  version: 5.9.2
  resolution: "typescript@patch:typescript@npm%3A5.9.2#optional!builtin<compat/typescript>::version=5.9.2&hash=5786d5"

"pinned@npm:2.0.0":
  version: 2.0.0
  resolution: "pinned@npm:2.0.0"
`,
  });
  expect(specs(lock)).toEqual(['real@1.0.0', 'typescript@5.9.2', 'pinned@2.0.0']);
  expect(lock?.packages.get('real@1.0.0')?.dependsOn).toEqual(['typescript@5.9.2', 'pinned@2.0.0']);
  expect([...(lock?.members ?? [])]).toEqual(['']);
});

test('bun: scopes in folders, packages of git', async () => {
  const { lock } = await readIn({
    'package.json': json(MANIFEST),
    'bun.lock': `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "app" } },
  "packages": {
    "@s/a": ["@s/a@1.0.0", "", { "dependencies": { "@s/b": "1", "c": "1" } }, "sha512-a"],
    "@s/a/@s/b": ["@s/b@1.0.0", "", { "dependencies": { "c": "1" } }, "sha512-b"],
    "c": ["c@github:o/c#abc", {}, "o-c-abc"],
  },
}`,
  });
  expect(lock?.packages.get('@s/a')?.dependsOn).toEqual(['@s/a/@s/b', 'c']);
  expect(lock?.packages.get('@s/a/@s/b')).toMatchObject({ integrity: 'sha512-b', dependsOn: ['c'] });
  expect(lock?.packages.get('c')).toMatchObject({ name: 'c', version: '', source: 'github:o/c#abc' });
});

test('a lock file that can not be read is none, a broken one is said', async () => {
  const { lock, development } = await readIn({
    'package.json': json(MANIFEST),
    'bun.lockb': '#!/usr/bin/env bun\nbun-lockfile',
  });
  expect(lock).toBeUndefined();
  expect(development.components).toEqual([]);
  const app = makeFolder({ 'package.json': json(MANIFEST) });
  writeFileSync(join(app, 'pnpm-lock.yaml'), 'lockfileVersion: "9.0"\npackages: {');
  const packageJson = await readPackageJson(app);
  if (packageJson === undefined) throw new Error('The app has no package.json.');
  const choice = await chooseManager(app, packageJson);
  expect(await failureOf(() => readLock(choice))).toContain("ERROR [OFN-DEPS-LOCK] Couldn't read pnpm-lock.yaml: ");
});
