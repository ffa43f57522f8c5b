import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesIn, describeBytes, packagesIn } from '../../../../src/buildpack/layers/size.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('the files of a folder and of those below count, links do not', async () => {
  const folder = makeFolder({ a: '12345', 'b/c/d': '123' });
  symlinkSync(join(folder, 'a'), join(folder, 'link'));
  symlinkSync(join(folder, 'b'), join(folder, 'other'));
  expect(await bytesIn(folder)).toBe(8);
  expect(await bytesIn(join(folder, 'missing'))).toBe(0);
});

test('packages are told by name, the largest first, those with a scope and those of pnpm too', async () => {
  const folder = makeFolder({
    'small/index.js': '1',
    '@scope/large/index.js': '1'.repeat(30),
    '.pnpm/middle@1.0.0/node_modules/middle/index.js': '1'.repeat(20),
    '.bin/tool': '1'.repeat(50),
  });
  expect(await packagesIn(folder)).toEqual([
    { name: '@scope/large', bytes: 30 },
    { name: 'middle@1.0.0', bytes: 20 },
    { name: 'small', bytes: 1 },
  ]);
});

test('sizes as people read them', () => {
  expect([0, 1500, 999_999, 1e6, 61_250_000].map(describeBytes)).toEqual([
    '0.0 kB',
    '1.5 kB',
    '1000.0 kB',
    '1.0 MB',
    '61.3 MB',
  ]);
});
