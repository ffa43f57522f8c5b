import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  copyEntries,
  entriesBelow,
  inFillFolder,
  MODULES_FILE,
  readFilled,
} from '../../../../src/buildpack/compile-cache/fill.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('a folder to fill is empty, and gone afterwards', async () => {
  const used = await inFillFolder(async (folder) => {
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'entry'), '');
    return folder;
  });
  expect(existsSync(used)).toBe(false);
});

test('what a boot check left is its modules by their entries', async () => {
  const modules = { '0000000b': '/app/b.js', '0000000a': '/app/a.js', '0000000c': '/apple/c.js', '0000000d': '/app' };
  const folder = makeFolder({ [MODULES_FILE]: json({ node: '24.21.0 x64', modules }) });
  const filled = await readFilled(folder);
  expect(filled).toEqual({ folder, node: '24.21.0 x64', modules: new Map(Object.entries(modules)) });
  expect(filled && entriesBelow(filled, '/app')).toEqual(['0000000a', '0000000b']);
});

test.each(['', '{}', '{"modules": []}'])('%j is what a boot check left that did not come that far', async (text) => {
  expect(await readFilled(makeFolder(text === '' ? {} : { [MODULES_FILE]: text }))).toBeUndefined();
});

test('entries are copied for everybody to read', async () => {
  const folder = makeFolder({ a: 'code', b: 'more' });
  const target = join(makeFolder(), 'entries');
  await copyEntries({ folder, node: '', modules: new Map() }, ['a'], target);
  expect(readdirSync(target)).toEqual(['a']);
  expect(readFileSync(join(target, 'a'), 'utf8')).toBe('code');
  expect(statSync(join(target, 'a')).mode.toString(8)).toBe('100644');
});
