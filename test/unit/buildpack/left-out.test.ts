import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leaveOut } from '../../../src/buildpack/left-out.ts';
import { makeFolder } from '../../support/workspace.ts';

test('history and npm settings of the root go, everything else stays', async () => {
  const app = makeFolder({ '.git/HEAD': '', '.npmrc': '', '.env': '', '.gitignore': '', 'sub/.npmrc': '' });
  expect(await leaveOut(app)).toEqual(['.git', '.npmrc']);
  expect(readdirSync(app, { recursive: true }).toSorted()).toEqual(['.env', '.gitignore', 'sub', 'sub/.npmrc']);
  expect(await leaveOut(app)).toEqual([]);
});

test('the .git of a work tree or a submodule is a file', async () => {
  expect(await leaveOut(makeFolder({ '.git': 'gitdir: ../x' }))).toEqual(['.git']);
});
