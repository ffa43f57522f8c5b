import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leaveOut } from '../../../../src/buildpack/project/left-out.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('history and npm settings go wherever they are, everything else stays', async () => {
  const app = makeFolder({
    '.git/HEAD': '',
    '.npmrc': '',
    '.env': '',
    '.gitignore': '',
    'a/b/.npmrc': '',
    'a/.git/HEAD': '',
  });
  expect(await leaveOut(app)).toEqual(['.git', '.npmrc', 'a/.git', 'a/b/.npmrc']);
  expect(readdirSync(app, { recursive: true }).toSorted()).toEqual(['.env', '.gitignore', 'a', 'a/b']);
  expect(await leaveOut(app)).toEqual([]);
});

test('the .git of a work tree or a submodule is a file', async () => {
  expect(await leaveOut(makeFolder({ '.git': 'gitdir: ../x' }))).toEqual(['.git']);
});
