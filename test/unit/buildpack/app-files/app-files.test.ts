import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOfFiles, readAppFiles } from '../../../../src/buildpack/app-files/app-files.ts';
import { makeFolder } from '../../../support/workspace.ts';

const NONE: ReadonlySet<string> = new Set();

test('files, folders, links and what can be run are told apart; history and what is made anew do not count', async () => {
  const app = makeFolder({
    'a/b.txt': 'b',
    'run.sh': '',
    '.git/HEAD': '',
    'node_modules/x/i.js': '',
    'p/node_modules/y': '',
  });
  chmodSync(join(app, 'run.sh'), 0o755);
  symlinkSync('a/b.txt', join(app, 'link'));
  const files = await readAppFiles(app, new Set(['node_modules', 'p/node_modules']));
  expect([...files].map(([path, what]) => [path, what.replace(/ [0-9a-f]{64}$/, '')])).toEqual([
    ['a', 'folder'],
    ['a/b.txt', 'file'],
    ['link', 'link a/b.txt'],
    ['p', 'folder'],
    ['run.sh', 'program'],
  ]);
});

test.each([
  ['.npmrc', '//r.example/:_authToken=SECRET\nomit=dev', 'omit=dev', 'omit=optional'],
  ['packages/a/.yarnrc.yml', 'npmAuthToken: SECRET\nnodeLinker: pnp', 'pnp', 'node-modules'],
  ['package-lock.json', '{"resolved": "https://me:SECRET@r.example/a.tgz"}', 'a.tgz', 'b.tgz'],
  ['project.toml', '[[build.env]]\nname = "A_KEY"\nvalue = "SECRET"\n[x]\ny = "old"', 'old', 'new'],
])('of %s all counts but its secrets', async (path, text, was, is) => {
  const app = makeFolder({ [path]: text });
  const digest = async (content: string): Promise<string> => {
    writeFileSync(join(app, path), content);
    return digestOfFiles(await readAppFiles(app, NONE));
  };
  const one = await digest(text);
  expect(await digest(text.replace('SECRET', 'other'))).toBe(one);
  expect(await digest(text.replace(was, is))).not.toBe(one);
});
