import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOfFiles, readAppFiles, type Kind } from '../../../../src/buildpack/app-files/app-files.ts';
import {
  changesBetween,
  putMade,
  readMade,
  withMade,
  type MadeFiles,
} from '../../../../src/buildpack/app-files/made-files.ts';
import { makeFolder } from '../../../support/workspace.ts';

const NONE: ReadonlySet<string> = new Set();
const GIVEN = { 'src/index.ts': 'ts', 'assets/deep/a.txt': 'a', 'kept.js': 'kept', 'changed.js': 'before', run: '' };
const added = (path: string, kind: Kind = 'file', content = ''): MadeFiles => ({
  removed: [],
  added: [{ path, kind, content: Buffer.from(content) }],
});

/** What a build does to such an app. */
function build(app: string): void {
  mkdirSync(join(app, 'dist/empty'), { recursive: true });
  writeFileSync(join(app, 'dist/index.js'), 'js');
  symlinkSync('index.js', join(app, 'dist/link'));
  writeFileSync(join(app, 'changed.js'), 'after');
  chmodSync(join(app, 'run'), 0o755);
  rmSync(join(app, 'assets'), { recursive: true });
  writeFileSync(join(app, 'assets'), 'a file now');
  rmSync(join(app, 'src/index.ts'));
  symlinkSync('../kept.js', join(app, 'src/index.ts'));
}

async function made(): Promise<MadeFiles> {
  const app = makeFolder(GIVEN);
  const given = await readAppFiles(app, NONE);
  build(app);
  const read = await readMade(app, changesBetween(given, await readAppFiles(app, NONE)), 1000);
  if (typeof read === 'number') throw new Error(`${read} bytes`);
  return read;
}

test('what a build made of an app is made of the same app again', async () => {
  const changes = await made();
  expect(changes.removed).toEqual(['assets/deep', 'assets/deep/a.txt']);
  expect(changes.added.map(({ path, kind, content }) => `${kind} ${path}: ${content.toString()}`)).toEqual([
    'file assets: a file now',
    'file changed.js: after',
    'folder dist: ',
    'folder dist/empty: ',
    'file dist/index.js: js',
    'link dist/link: index.js',
    'program run: ',
    'link src/index.ts: ../kept.js',
  ]);
  const built = makeFolder(GIVEN);
  const given = await readAppFiles(built, NONE);
  build(built);
  const again = makeFolder(GIVEN);
  await putMade(again, given, changes);
  const expected = await readAppFiles(built, NONE);
  expect(await readAppFiles(again, NONE)).toEqual(expected);
  expect(digestOfFiles(withMade(given, changes) ?? new Map())).toBe(digestOfFiles(expected));
});

test('what is larger than wanted is not read', async () => {
  const app = makeFolder({ 'a.js': 'x'.repeat(600), 'b.js': 'x'.repeat(600) });
  expect(await readMade(app, { removed: [], added: ['a.js', 'b.js'] }, 1199)).toBe(1200);
});

test.each<[string, MadeFiles]>([
  ['an absolute path', added('/tmp/x')],
  ['a path that leads out', added('../x')],
  ['a path that leads out later', added('src/../../x')],
  ['a path with a way back', added('src/../x')],
  ['a path with nothing in it', added('src//x')],
  ['the app itself', added('.', 'link', '/etc')],
  ['what is above it', added('..')],
  ['an empty path', added('')],
  ['a path that ends with a slash', added('src/')],
  ['a path with a zero', added('a\0b')],
  ['a path through a link of the app', added('outside/x')],
  ['a path through a file', added('kept.js/x')],
  [
    'a path through a link that comes with it',
    { removed: [], added: [...added('a', 'link', '/etc').added, ...added('a/b').added] },
  ],
  ['a path in a folder that is not there', added('dist/index.js')],
  ['a link in place of a folder with something in it', added('src', 'link', '/etc')],
  ['a folder that goes without what is in it', { removed: ['src'], added: [] }],
  ['something to remove that is not there', { removed: ['../x'], added: [] }],
  ['something to remove twice', { removed: ['kept.js', 'kept.js'], added: [] }],
])('%s is of no app', async (_, record) => {
  const app = makeFolder(GIVEN);
  symlinkSync('/etc', join(app, 'outside'));
  expect(withMade(await readAppFiles(app, NONE), record)).toBeUndefined();
});

test('nothing is written through what lies where a file is to be', async () => {
  const outside = makeFolder({ 'x.txt': 'mine' });
  const app = makeFolder({ 'a.js': '' });
  symlinkSync(join(outside, 'x.txt'), join(app, 'late'));
  await expect(putMade(app, new Map(), added('late', 'file', 'theirs'))).rejects.toThrow('EEXIST');
  expect(readFileSync(join(outside, 'x.txt'), 'utf8')).toBe('mine');
});

test('a link that was given is replaced, not followed, and what is removed is the link', async () => {
  const outside = makeFolder({ 'x.txt': 'mine' });
  const app = makeFolder({});
  symlinkSync(join(outside, 'x.txt'), join(app, 'a'));
  symlinkSync(outside, join(app, 'b'));
  const given = await readAppFiles(app, NONE);
  await putMade(app, given, { ...added('a', 'file', 'new'), removed: ['b'] });
  expect(lstatSync(join(app, 'a')).isFile()).toBe(true);
  expect(existsSync(join(app, 'b'))).toBe(false);
  expect(readFileSync(join(outside, 'x.txt'), 'utf8')).toBe('mine');
});
