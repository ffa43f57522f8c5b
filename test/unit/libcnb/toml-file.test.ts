import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeToml, encodeToml, readToml, readTomlIfPresent, writeToml } from '../../../src/libcnb/toml-file.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

test('what is written is what is read, undefined keys left out', async () => {
  const path = join(makeFolder(), 'deep/er/file.toml');
  await writeToml(path, { a: 1, gone: undefined, list: [{ b: 'x', gone: undefined }], on: true });
  expect(await readToml(path)).toEqual({ a: 1, list: [{ b: 'x' }], on: true });
});

test('any text survives', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (table) => {
      expect({ ...decodeToml(encodeToml(table), 'x') }).toEqual({ ...table });
    }),
  );
});

test('a byte order mark is no part of the text', () => {
  expect({ ...decodeToml('\uFEFF[a]\n', 'x') }).toEqual({ a: {} });
});

test('no file is undefined, or a failure where it must be there', async () => {
  const folder = makeFolder();
  expect(await readTomlIfPresent(join(folder, 'a.toml'))).toBeUndefined();
  expect(await failureOf(() => readToml(join(folder, 'a.toml')), { folder })).toMatchInlineSnapshot(`
    "ERROR [OFN-CNB-FILE] Couldn't read <folder>/a.toml: there is no such file.

    The Buildpacks specification says what belongs there: https://github.com/buildpacks/spec/blob/main/buildpack.md"
  `);
});

test('a syntax error names path, row and column', async () => {
  const folder = makeFolder({ 'a.toml': 'a = 1\nb =\n' });
  expect(await failureOf(() => readToml(join(folder, 'a.toml')), { folder })).toMatchInlineSnapshot(`
    "ERROR [OFN-CNB-FILE] Couldn't read <folder>/a.toml: Unexpected character, expecting string, number, datetime, boolean, inline array or inline table at row 2, col 4, pos 10.

    The Buildpacks specification says what belongs there: https://github.com/buildpacks/spec/blob/main/buildpack.md"
  `);
});

test('a file that can not be written names its path', async () => {
  const folder = makeFolder({ taken: '' });
  const text = await failureOf(() => writeToml(join(folder, 'taken/a.toml'), {}), { folder });
  expect(text).toMatch(/Couldn't write <folder>\/taken\/a\.toml: E(NOTDIR|EXIST)/);
});
