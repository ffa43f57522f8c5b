import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findTsconfig } from '../../../../src/buildpack/typescript/tsconfig.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

const options = (compilerOptions: object, more: object = {}): string => json({ compilerOptions, ...more });

test('the nearest one up to the app', async () => {
  const app = makeFolder({ 'tsconfig.json': '{}', 'a/tsconfig.json': '{}', 'a/src/b/index.ts': '', 'c/index.ts': '' });
  expect((await findTsconfig(app, join(app, 'a/src/b')))?.path).toBe(join(app, 'a/tsconfig.json'));
  expect((await findTsconfig(app, join(app, 'c')))?.path).toBe(join(app, 'tsconfig.json'));
  expect(await findTsconfig(join(app, 'c'), join(app, 'c'))).toBeUndefined();
  expect(await findTsconfig(join(app, 'a'), join(app, 'c'))).toBeUndefined();
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['as it is', { 'tsconfig.json': options({ outDir: './dist' }) }, 'dist'],
  ['beside TypeScript', { 'tsconfig.json': options({}) }, undefined],
  [
    'inherited, relative to the file that has it',
    { 'tsconfig.json': json({ extends: './config/base' }), 'config/base.json': options({ outDir: '../lib' }) },
    'lib',
  ],
  [
    'inherited for the folder of who inherits',
    {
      'tsconfig.json': json({ extends: ['./config/base.json', '@tsconfig/node24'] }),
      'config/base.json': options({ outDir: '${configDir}/lib' }),
    },
    'lib',
  ],
  [
    'its own before an inherited one',
    {
      'tsconfig.json': options({ outDir: 'own' }, { extends: './base.json' }),
      'base.json': options({ outDir: 'lib' }),
    },
    'own',
  ],
  ['inherited in a circle', { 'tsconfig.json': options({ outDir: 'own' }, { extends: './tsconfig.json' }) }, 'own'],
  ['inherited of a file that is not there', { 'tsconfig.json': json({ extends: './nope.json' }) }, undefined],
  [
    'with comments and commas',
    {
      'tsconfig.json': '\uFEFF// all\n{ "compilerOptions": { /* "outDir": "no", */ "outDir": "a//b,}", // here\n }, }',
    },
    'a/b,}',
  ],
  ['broken', { 'tsconfig.json': '{ outDir: ' }, undefined],
])('outDir: %s', async (_, files, outDir) => {
  const app = makeFolder(files);
  expect((await findTsconfig(app, app))?.outDir).toBe(outDir && join(app, outDir));
});

test.each<[object, boolean]>([
  [{ allowImportingTsExtensions: true }, true],
  [{ allowImportingTsExtensions: true, rewriteRelativeImportExtensions: true }, false],
  [{}, false],
])('%j: whether imports are to be rewritten', async (compilerOptions, needsRewrite) => {
  const app = makeFolder({ 'tsconfig.json': options(compilerOptions, { references: [{ path: './a' }] }) });
  expect(await findTsconfig(app, app)).toMatchObject({ needsRewrite, hasReferences: true });
});
