import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileError, kindOf, namesIn, readText, readTextIfPresent } from '../../../src/libcnb/text-file.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

test('what is not there, or is below a file, is absent', async () => {
  const folder = makeFolder({ file: 'x' });
  for (const path of [join(folder, 'none'), join(folder, 'file/none')]) {
    expect(await readTextIfPresent(path)).toBeUndefined();
    expect(await namesIn(path)).toEqual([]);
    expect(await kindOf(path)).toBeUndefined();
  }
  expect([await kindOf(folder), await kindOf(join(folder, 'file'))]).toEqual(['folder', 'other']);
});

test('a file that must be there, must be a file, and has a largest size', async () => {
  const folder = makeFolder({ 'a.txt': 'four' });
  const read = async (path: string) => (await failureOf(() => readText(path, 3), { folder })).split('\n')[0];
  expect([await read(folder), await read(join(folder, 'a.txt')), await read(join(folder, 'b.txt'))])
    .toMatchInlineSnapshot(`
    [
      "ERROR [OFN-CNB-FILE] Couldn't read <folder>: it is a folder.",
      "ERROR [OFN-CNB-FILE] Couldn't read <folder>/a.txt: it is larger than 3 bytes.",
      "ERROR [OFN-CNB-FILE] Couldn't read <folder>/b.txt: ENOENT: no such file or directory, stat '<folder>/b.txt'.",
    ]
  `);
});

test.each([
  ['ENOSPC: no space left on device, write', 'The volume is full'],
  ["cannot create directory 'x': No space left on device", 'The volume is full'],
  ['it is a folder', 'The Buildpacks specification'],
])('the hint for "%s" is: %s', (what, hint) => {
  expect(fileError('write', 'x', what).hint).toContain(hint);
});
