import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  anchorLinks,
  isTaken,
  linkTo,
  moveFolder,
  removeBuildLeftovers,
} from '../../../../src/buildpack/dependencies/node-modules.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('of a native build only what is loaded stays', async () => {
  const folder = makeFolder({
    'a/build/config.gypi': '',
    'a/build/Makefile': '',
    'a/build/a.target.mk': '',
    'a/build/binding.Makefile': '',
    'a/build/Release/a.node': '',
    'a/build/Release/obj.target/a.o': '',
    'a/build/Release/.deps/a.d': '',
    'b/build/Makefile': 'not of node-gyp',
    '.pnpm/c@1.0.0/node_modules/c/build/config.gypi': '',
    '.pnpm/c@1.0.0/node_modules/c/build/Release/c.node': '',
  });
  await removeBuildLeftovers(folder);
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    lstatSync(join(folder, path)).isFile(),
  );
  expect(left.toSorted()).toEqual([
    '.pnpm/c@1.0.0/node_modules/c/build/Release/c.node',
    'a/build/Release/a.node',
    'b/build/Makefile',
  ]);
});

test('moves a folder with its links, in place of an older one', async () => {
  const folder = makeFolder({ 'from/a': 'new', 'to/b': 'old' });
  symlinkSync('a', join(folder, 'from/link'));
  await moveFolder(join(folder, 'from'), join(folder, 'to'));
  expect(readdirSync(join(folder, 'to')).toSorted()).toEqual(['a', 'link']);
  expect(readlinkSync(join(folder, 'to/link'))).toBe('a');
});

test('moves to another file system', async () => {
  const folder = makeFolder({ 'from/a': 'new' });
  const elsewhere = `/dev/shm/ofn-test-${process.pid}`;
  await moveFolder(join(folder, 'from'), elsewhere);
  await moveFolder(elsewhere, join(folder, 'back'));
  expect(readFileSync(join(folder, 'back/a'), 'utf8')).toBe('new');
});

test('a link takes the place of anything, and a dangling one takes a place', async () => {
  const folder = makeFolder({ 'at/file': '' });
  await linkTo('/nowhere', join(folder, 'at'));
  expect(readlinkSync(join(folder, 'at'))).toBe('/nowhere');
  expect(await isTaken(join(folder, 'at'))).toBe(true);
  expect(await isTaken(join(folder, 'other'))).toBe(false);
});

test('links out of node_modules lead to the same place after a move, links inside it stay as they are', async () => {
  const folder = makeFolder({ 'app/lib/cli.js': '', 'app/node_modules/a/index.js': '' });
  const modules = join(folder, 'app/node_modules');
  mkdirSync(join(modules, '@me'));
  mkdirSync(join(modules, '.bin'));
  symlinkSync('../../lib', join(modules, '@me/lib'));
  symlinkSync('../@me/lib/cli.js', join(modules, '.bin/cli'));
  await anchorLinks(modules);
  await moveFolder(modules, join(folder, 'layer/node_modules'));
  expect(readlinkSync(join(folder, 'layer/node_modules/@me/lib'))).toBe(join(folder, 'app/lib'));
  expect(readlinkSync(join(folder, 'layer/node_modules/.bin/cli'))).toBe('../@me/lib/cli.js');
});
