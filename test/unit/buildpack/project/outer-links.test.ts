import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findOuterLinks } from '../../../../src/buildpack/project/outer-links.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('relative links that lead out of the app, at any depth', async () => {
  const app = makeFolder({ 'a/b/c.js': '' });
  const links = { out: '../x', 'a/b/out': '../../../x', 'a/in': '../a/b', 'a/b/root': '../..', lib: '/layers/lib' };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(app, path));
  expect(await findOuterLinks(app)).toEqual([
    { path: 'a/b/out', target: '../../../x' },
    { path: 'out', target: '../x' },
  ]);
});
