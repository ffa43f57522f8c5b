import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linkInstalled, moveInstalled, withLinks } from '../../../../src/buildpack/dependencies/layer-folders.ts';
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
    'node_modules/a/build/config.gypi': '',
    'node_modules/a/build/Makefile': '',
    'packages/x/node_modules/c/build/config.gypi': '',
    'node_modules/a/build/a.target.mk': '',
    'node_modules/a/build/binding.Makefile': '',
    'node_modules/a/build/Release/a.node': '',
    'node_modules/a/build/Release/obj.target/a.o': '',
    'node_modules/a/build/Release/.deps/a.d': '',
    'packages/x/node_modules/b/build/Makefile': 'not of node-gyp',
    'node_modules/.pnpm/c@1.0.0/node_modules/c/build/config.gypi': '',
    'node_modules/.pnpm/c@1.0.0/node_modules/c/build/Release/c.node': '',
  });
  await removeBuildLeftovers(folder, ['', 'packages/x']);
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    lstatSync(join(folder, path)).isFile(),
  );
  expect(left.toSorted()).toEqual([
    'node_modules/.pnpm/c@1.0.0/node_modules/c/build/Release/c.node',
    'node_modules/a/build/Release/a.node',
    'packages/x/node_modules/b/build/Makefile',
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

test('what can not be moved to another file system is told in one line', async () => {
  const folder = makeFolder({ 'from/a': '', 'from/b': '' });
  await expect(moveFolder(join(folder, 'from'), '/proc/ofn-test')).rejects.toMatchObject({
    code: 'OFN-CNB-FILE',
    message: "Couldn't write /proc/ofn-test: cannot create directory '/proc/ofn-test': No such file or directory.",
  });
});

test('a link takes the place of anything, and a dangling one takes a place', async () => {
  const folder = makeFolder({ 'at/file': '' });
  await linkTo('/nowhere', join(folder, 'at'));
  expect(readlinkSync(join(folder, 'at'))).toBe('/nowhere');
  expect(await isTaken(join(folder, 'at'))).toBe(true);
  expect(await isTaken(join(folder, 'other'))).toBe(false);
});

test('links out of node_modules lead to the same place after a move, links among them stay as they are', async () => {
  const folder = makeFolder({
    'app/lib/cli.js': '',
    'app/node_modules/.pnpm/a/index.js': '',
    'app/lib/node_modules/b/index.js': '',
  });
  const app = join(folder, 'app');
  const modules = join(app, 'node_modules');
  mkdirSync(join(modules, '@me'));
  mkdirSync(join(modules, '.bin'));
  symlinkSync('../../lib', join(modules, '@me/lib'));
  symlinkSync('../@me/lib/cli.js', join(modules, '.bin/cli'));
  symlinkSync('../../node_modules/.pnpm/a', join(app, 'lib/node_modules/a'));
  const anchored = await anchorLinks(app, ['', 'lib', 'bare']);
  expect([...anchored]).toEqual([['node_modules/@me/lib', 'lib']]);
  const place = { layer: join(folder, 'layer'), projectDir: app };
  expect(await moveInstalled(place, ['', 'lib', 'bare'])).toEqual(['', 'lib']);
  expect(readlinkSync(join(folder, 'layer/node_modules/@me/lib'))).toBe(join(app, 'lib'));
  expect(readlinkSync(join(folder, 'layer/node_modules/.bin/cli'))).toBe('../@me/lib/cli.js');
  expect(existsSync(join(app, 'lib/node_modules/a/index.js'))).toBe(true);
  expect(readlinkSync(join(app, 'lib/node_modules'))).toBe(join(folder, 'layer/lib/node_modules'));
});

test('a layer that is not on disk has its links to the project for a while, also where the work fails', async () => {
  const folder = makeFolder({ 'app/lib/index.js': '' });
  const place = { layer: join(folder, 'layer'), projectDir: join(folder, 'app') };
  const links = { 'node_modules/@me/lib': 'lib', 'lib/node_modules/@me/self': 'lib' };
  await linkInstalled(place, ['', 'lib']);
  const isThere = (): boolean => existsSync(join(folder, 'app/lib/node_modules/@me/self/index.js'));
  expect(await withLinks(place, links, async () => isThere())).toBe(true);
  const failing = withLinks(place, links, async () => {
    throw new Error(`is there: ${isThere()}`);
  });
  await expect(failing).rejects.toThrow('is there: true');
  expect(existsSync(join(folder, 'layer'))).toBe(false);
});
