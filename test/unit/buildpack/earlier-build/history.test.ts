import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readHistory } from '../../../../src/buildpack/earlier-build/history.ts';
import { makeFolder } from '../../../support/workspace.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const CLONE = {
  'app/index.js': '',
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.git/packed-refs': `# pack-refs with: peeled\n${A} refs/heads/main\n${B} refs/remotes/origin/other\n${A} refs/tags/v1\n`,
};

test.each<[string, Record<string, string>, boolean]>([
  ['the same', {}, true],
  ['other branches', { '.git/packed-refs': CLONE['.git/packed-refs'].replace(B, A), '.git/refs/heads/b': B }, true],
  ['what git writes down for itself', { '.git/index': 'x', '.git/FETCH_HEAD': B, '.git/logs/HEAD': B }, true],
  ['another commit of the branch', { '.git/refs/heads/main': `${B}\n` }, false],
  ['another commit of the branch, packed', { '.git/packed-refs': CLONE['.git/packed-refs'].replace(A, B) }, false],
  ['another branch', { '.git/HEAD': 'ref: refs/heads/other\n' }, false],
  ['a commit alone', { '.git/HEAD': `${A}\n` }, false],
  ['a new tag', { '.git/refs/tags/v2': `${A}\n` }, false],
  ['a new tag, packed', { '.git/packed-refs': `${CLONE['.git/packed-refs']}${A} refs/tags/v2\n` }, false],
  ['references of the newer kind', { '.git/reftable/tables.list': '0x1.ref\n' }, false],
])('a history with %s', async (_, changed, isSame) => {
  const clone = makeFolder(CLONE);
  const was = await readHistory(join(clone, 'app'));
  for (const [path, text] of Object.entries(changed)) {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), text);
  }
  expect((await readHistory(join(clone, 'app'))) === was).toBe(isSame);
});

test('apps without a history have the same', async () => {
  expect(await readHistory(makeFolder({ 'a.js': '' }))).toBe(await readHistory(makeFolder({ 'b.js': '' })));
});
