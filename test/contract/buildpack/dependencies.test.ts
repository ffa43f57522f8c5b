import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';

const HELLO = { FUNC_NAME: 'hello' };
const PLAIN = 'exports.hello = (req, res) => res.end("hi");';

/** A lock file of version 3 with the root's own fields. */
function lockOf(root: object, packages: object): string {
  return JSON.stringify({ name: 'app', lockfileVersion: 3, requires: true, packages: { '': root, ...packages } });
}

test.each([
  ['devDependencies alone', { devDependencies: { 'is-odd': '3.0.1' } }, { version: '3.0.1', dev: true }],
  [
    'an optional dependency for another system',
    { optionalDependencies: { 'is-odd': '3.0.1' } },
    { version: '3.0.1', optional: true, os: ['darwin'] },
  ],
])('a lock file with %s leaves nothing to install, and builds', async (_, root, entry) => {
  const site = makeSite({
    'package.json': JSON.stringify(root),
    'package-lock.json': lockOf(root, { 'node_modules/is-odd': entry }),
    'index.js': PLAIN,
  });
  const { exitCode, output } = await site.build(HELLO);
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
  site.forgetContents();
  expect((await site.build(HELLO)).output).toContain('Dependencies: reused');
});

const WORKSPACE = {
  'index.js': 'const text = require("@me/a"); exports.hello = (req, res) => res.end(text());',
  'packages/a/package.json': '{"name": "@me/a", "version": "1.0.0", "main": "i.js"}',
  'packages/a/i.js':
    'require("@openfunction/functions-framework"); if (require("@me/b") !== 1) throw new Error(); module.exports = () => "a";',
  'packages/b/package.json': '{"name": "@me/b", "version": "1.0.0"}',
  'packages/b/index.js': 'module.exports = 1;',
};
const WORKSPACES = { workspaces: ['packages/*'] };
test.each<[string, Record<string, string>]>([
  [
    'with a lock file',
    {
      ...WORKSPACE,
      'package.json': JSON.stringify(WORKSPACES),
      'package-lock.json': lockOf(WORKSPACES, {
        'packages/a': { name: '@me/a', version: '1.0.0' },
        'packages/b': { name: '@me/b', version: '1.0.0' },
        'node_modules/@me/a': { resolved: 'packages/a', link: true },
        'node_modules/@me/b': { resolved: 'packages/b', link: true },
      }),
    },
  ],
  ['without a lock file', { ...WORKSPACE, 'package.json': JSON.stringify(WORKSPACES) }],
])('workspaces %s are installed once, and found after every change', async (_, files) => {
  const site = makeSite(files);
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(site.layers, 'modules/node_modules'))).toBe(true);
  site.forgetContents();
  writeFileSync(join(site.app, 'change.txt'), '');
  const { exitCode, output } = await site.build(HELLO);
  expect(output).toContain('Dependencies: reused');
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
});

const FOLDER = { dependencies: { mylib: 'file:./lib' } };

test.each<[string, Record<string, string>, string]>([
  [
    'folders as dependencies',
    {
      'package.json': JSON.stringify(FOLDER),
      'package-lock.json': lockOf(FOLDER, {
        lib: { name: 'mylib', version: '1.0.0' },
        'node_modules/mylib': { resolved: 'lib', link: true },
      }),
      'lib/package.json': '{"name": "mylib", "version": "1.0.0"}',
      'lib/index.js': 'module.exports = () => "lib";',
      'index.js': 'const text = require("mylib"); if (text() !== "lib") throw new Error(); exports.hello = text;',
    },
    'because "mylib" is a folder of the app',
  ],
])('%s are installed after every change and found', async (_, files, reason) => {
  const site = makeSite(files);
  for (const change of ['cold', 'warm']) {
    writeFileSync(join(site.app, 'change.txt'), change);
    const { exitCode, output } = await site.build(HELLO);
    expect(output).toContain(reason);
    expect(output).toContain('Function "hello": boots');
    expect(exitCode).toBe(0);
    expect(existsSync(join(site.layers, 'modules/node_modules'))).toBe(true);
    site.forgetContents();
  }
});
