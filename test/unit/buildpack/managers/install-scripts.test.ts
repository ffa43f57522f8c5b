import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagesWithScripts } from '../../../../src/buildpack/managers/install-scripts.ts';
import { makeFolder } from '../../../support/workspace.ts';

const manifest = (name: string, more: object = {}): string => JSON.stringify({ name, ...more });
const SCRIPTED = { scripts: { postinstall: 'x' } };

test('packages with install scripts or with native code are found wherever managers put them', async () => {
  const folder = makeFolder({
    'a/package.json': manifest('a', SCRIPTED),
    'b/package.json': manifest('b', { scripts: { test: 'x', prepare: 'x' } }),
    'b/node_modules/c/package.json': manifest('c', { scripts: { preinstall: 'x' } }),
    '@acme/d/package.json': manifest('@acme/d'),
    '@acme/d/binding.gyp': '',
    'e/package.json': manifest('e', { gypfile: false }),
    'e/binding.gyp': '',
    'f/index.js': '',
    '.pnpm/g@1/node_modules/g/package.json': manifest('g', SCRIPTED),
    '.bin/h/package.json': manifest('h', SCRIPTED),
    'i/package.json': '[]',
  });
  symlinkSync('.pnpm/g@1/node_modules/g', join(folder, 'j'));
  expect(await packagesWithScripts([folder])).toEqual(['@acme/d', 'a', 'c', 'g']);
  expect(await packagesWithScripts([join(folder, 'nothing')])).toEqual([]);
});
