import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execa } from 'execa';
import type { Environment } from '../../../../../src/base/setting.ts';
import { areSame, withWitness, type Looks } from '../../../../../src/buildpack/managers/witness/witness.ts';
import { ROOT } from '../../../../support/artefact.ts';
import { makeFolder } from '../../../../support/workspace.ts';

/** A buildpack whose program is not bundled. */
const BUILDPACK = {
  'dist/witness/index.js': `import { witness } from ${JSON.stringify(join(ROOT, 'src/buildpack/managers/witness/watch.ts'))};\nwitness(process.env);\n`,
  'package.json': '{"type": "module"}',
};

/** What a command of an install looks at in an app. */
async function looksOf(appDir: string, file: string, args: readonly string[], env: Environment = AS_SCRIPT) {
  const isOfManager = (path: string): boolean => path === 'package.json';
  const wanted = { buildpackDir: makeFolder(BUILDPACK), appDir, env: {}, isOfManager };
  return withWitness(wanted, async (watched) => {
    await execa(file, args, { cwd: join(appDir, 'node_modules'), env: { ...watched, ...env } });
  });
}

/** As package managers start scripts. */
const AS_SCRIPT: Environment = { npm_lifecycle_event: 'install' };

const READ = "fs.readFileSync('../schema.model')";
const SCRIPT = `const fs = require('fs');
fs.readFileSync('../schema.model');
fs.existsSync('../missing.json');
fs.readdirSync(new URL('file://' + require('path').resolve('../src')));
fs.writeFileSync('../made.js', '');
fs.readFileSync('a/index.js');
fs.statSync('/');
import('node:fs/promises').then(({ readFile }) => readFile('../by-promise.json'));
`;

test('scripts tell what of the project they look at, and nothing else', async () => {
  const files = { 'schema.model': 'User', 'by-promise.json': '{}', 'src/a.js': '', 'node_modules/a/index.js': '' };
  const project = makeFolder(files);
  const looks = await looksOf(project, 'node', ['-e', SCRIPT]);
  expect(Object.keys(looks)).toEqual(['by-promise.json', 'made.js', 'missing.json', 'schema.model', 'src/']);
  expect(looks['missing.json']).toBe('none');
  expect(await areSame(project, looks)).toBe(true);
  const changes: readonly [string, string][] = [
    ['schema.model', 'User, Order'],
    ['missing.json', ''],
    ['src/b.js', ''],
  ];
  for (const [path, text] of changes) {
    const other = makeFolder({ ...files, 'made.js': '', [path]: text });
    expect(await areSame(other, looks)).toBe(false);
  }
  // What a script made is not in the source of the next build.
  expect(await areSame(makeFolder(files), looks)).toBe(false);
});

test.each<[string, string, readonly string[], Environment]>([
  ['a program of another language', 'cat', ['../schema.model', '../package.json', 'a/index.js'], AS_SCRIPT],
  ['a script with options of its own', 'node', ['-e', READ], { ...AS_SCRIPT, NODE_OPTIONS: '--no-deprecation' }],
  ['a Node.js that has no require of ES modules', 'node', ['--no-experimental-require-module', '-e', READ], AS_SCRIPT],
  ['a program of a package manager', 'node', ['-e', READ], {}],
])('a file that is read by %s counts', async (_, file, args, env) => {
  const files = { 'schema.model': 'User', 'other.model': '', 'package.json': '{}', 'node_modules/a/index.js': '' };
  const app = makeFolder(files);
  const before = statSync(join(app, 'schema.model')).mtimeMs;
  expect(Object.keys(await looksOf(app, file, args, env))).toEqual(['schema.model']);
  expect(Math.abs(statSync(join(app, 'schema.model')).mtimeMs - before)).toBeLessThan(0.01);
});

test('functions of node:fs are what they were but for being watched', async () => {
  const app = makeFolder({ 'schema.model': '', 'node_modules/a/index.js': '' });
  const script = `const fs = require('fs');
require('util').promisify(fs.exists)('../schema.model').then((found) => { if (!found) throw new Error(); });
fs.realpath.native('../schema.model', () => {});`;
  expect(Object.keys(await looksOf(app, 'node', ['-e', script]))).toEqual(['schema.model']);
});

test.each([
  ['require', "try { require('../acme.config.js'); } catch {}", 'acme.config.js'],
  ['require without an ending', "try { require(process.cwd() + '/../acme'); } catch {}", 'acme.json'],
  ['import', "import(require('path').resolve('../acme.config.mjs')).catch(() => {});", 'acme.config.mjs'],
])('a module that is looked for in vain by %s counts', async (_, script, path) => {
  const app = makeFolder({ 'node_modules/a/index.js': '' });
  const looks = await looksOf(app, 'node', ['-e', script]);
  expect(looks[path]).toBe('none');
  writeFileSync(join(app, path), '');
  expect(await areSame(app, looks)).toBe(false);
});

test('passwords of settings do not count', async () => {
  const project = makeFolder({ '.npmrc': '//r.example/:_password=abc', 'node_modules/a/index.js': '' });
  const looks: Looks = await looksOf(project, 'node', ['-e', "require('fs').readFileSync('../.npmrc')"]);
  writeFileSync(join(project, '.npmrc'), '//r.example/:_password=xyz1');
  expect(await areSame(project, looks)).toBe(true);
});

test('scripts that look at very much are never the same', async () => {
  const project = makeFolder({ 'node_modules/a/index.js': '' });
  const script = "for (let i = 0; i < 400; i++) require('fs').existsSync('../' + i)";
  const looks = await looksOf(project, 'node', ['-e', script]);
  expect(await areSame(project, looks)).toBe(false);
});
