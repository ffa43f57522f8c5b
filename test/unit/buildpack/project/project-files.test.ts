import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { removeExcluded } from '../../../../src/buildpack/project/project-files.ts';
import { makeFolder } from '../../../support/workspace.ts';

const FILES = {
  'index.js': '',
  'docs/a.md': '',
  'docs/keep.md': '',
  'secrets/key.pem': '',
  'src/a.ts': '',
  'src/a.test.ts': '',
};

const left = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

test('files that are excluded go, and folders that are empty then', async () => {
  const app = makeFolder(FILES);
  const exclude = ['docs', '!docs/keep.md', 'secrets/', '*.test.ts'];
  const removed = await removeExcluded(app, { exclude, include: [] });
  expect(removed).toEqual(['docs/a.md', 'secrets/key.pem', 'src/a.test.ts']);
  expect(left(app)).toEqual(['docs', 'docs/keep.md', 'index.js', 'secrets', 'src', 'src/a.ts']);
  expect(await removeExcluded(app, { exclude, include: [] })).toEqual([]);
});

test('of files that are included nothing else is left', async () => {
  const app = makeFolder(FILES);
  await removeExcluded(app, { exclude: [], include: ['index.js', 'src/*.ts'] });
  expect(left(app)).toEqual(['index.js', 'src', 'src/a.test.ts', 'src/a.ts']);
});

test('a project that says nothing keeps all', async () => {
  const app = makeFolder(FILES);
  expect(await removeExcluded(app, { exclude: [], include: [] })).toEqual([]);
  expect(left(app)).toHaveLength(9);
});
