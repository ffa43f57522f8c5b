import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findEntry } from '../../../src/framework/entry.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

const manifest = (fields: object) => JSON.stringify(fields);

test.each<[string, Record<string, string>, string]>([
  ['index.js', { 'index.js': '' }, 'index.js'],
  ['main', { 'package.json': manifest({ main: 'lib/a.js' }), 'lib/a.js': '', 'index.js': '' }, 'lib/a.js'],
  ['main in TypeScript', { 'package.json': manifest({ main: 'a.ts' }), 'a.ts': '' }, 'a.ts'],
  ['function.js', { 'function.js': '' }, 'function.js'],
  ['index.js before function.js', { 'function.js': '', 'index.js': '' }, 'index.js'],
  ['exports', { 'package.json': manifest({ exports: './e.mjs' }), 'e.mjs': '' }, 'e.mjs'],
  ['exports of "."', { 'package.json': manifest({ exports: { '.': { import: './e.mjs' } } }), 'e.mjs': '' }, 'e.mjs'],
  ['index.mjs', { 'index.mjs': '' }, 'index.mjs'],
  ['index.cjs', { 'index.cjs': '' }, 'index.cjs'],
  ['dist/index.js', { 'dist/index.js': '' }, 'dist/index.js'],
  ['index.ts', { 'index.ts': '' }, 'index.ts'],
  ['src/index.ts', { 'src/index.ts': '' }, 'src/index.ts'],
])('a folder with %s', (_, files, entry) => {
  const folder = makeFolder(files);
  expect(findEntry(folder)).toBe(join(folder, entry));
});

test.each(['a.js', 'a.mjs', 'a.ts'])('the file %s, with and without its suffix', (file) => {
  const folder = makeFolder({ [file]: '' });
  expect(findEntry(join(folder, file))).toBe(join(folder, file));
  expect(findEntry(join(folder, 'a'))).toBe(join(folder, file));
});

test('a folder with nothing to load', async () => {
  const folder = makeFolder({ 'README.md': '' });
  expect(await failureOf(() => findEntry(folder), { folder })).toMatchInlineSnapshot(`
    "ERROR [OFN-FUNC-SOURCE] Provided code location '<folder>' is not a loadable module.
    Did you specify the correct location for the module defining your function?

    Name the file in "main" of package.json, or set FUNC_SRC (FUNCTION_SOURCE at launch) to it."
  `);
});

test('a "main" that is not there is named', async () => {
  const folder = makeFolder({ 'package.json': '{"main": "lib/function.js"}', 'server.js': '' });
  const failure = await failureOf(() => findEntry(folder), { folder });
  expect(failure).toContain('"main" of package.json names lib/function.js, which does not exist.');
});
