import { brotliCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { MadeFiles } from '../../../../src/buildpack/app-files/made-files.ts';
import { decodeMade, encodeMade, MOST_TEXT, MOST_UNPACKED } from '../../../../src/buildpack/app-files/text.ts';

const MADE: MadeFiles = {
  removed: ['src', 'src/index.ts'],
  added: [
    { path: 'dist', kind: 'folder', content: Buffer.alloc(0) },
    { path: 'dist/empty.js', kind: 'file', content: Buffer.alloc(0) },
    { path: 'dist/größe\n.js', kind: 'file', content: Buffer.from('// größe\n') },
    { path: 'dist/link', kind: 'link', content: Buffer.from('empty.js') },
    { path: 'dist/logo.png', kind: 'file', content: Buffer.from([0, 0xff, 0x80, 0x0a]) },
    { path: 'dist/run', kind: 'program', content: Buffer.from('#!/bin/sh\n') },
  ],
};
const packed = (payload: string | Buffer): string => brotliCompressSync(payload).toString('base64');
const indexed = (index: unknown, contents = ''): string => packed(`${JSON.stringify(index)}\n${contents}`);
const file = (path: unknown, size: unknown = 0, kind: unknown = 'file'): readonly unknown[] => [path, kind, size];

test('what was made comes back to the byte, and is the same text for the same files', () => {
  const text = encodeMade(MADE);
  expect(decodeMade(text)).toEqual(MADE);
  expect(encodeMade(MADE)).toBe(text);
  expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/);
});

test.each<[string, string]>([
  ['nothing', ''],
  ['no base64', 'ä'],
  ['what is not compressed', Buffer.from('{"removed":[],"added":[]}\n').toString('base64')],
  ['half of a text', encodeMade(MADE).slice(0, 80)],
  ['more characters than there may be', 'A'.repeat(MOST_TEXT + 1)],
  ['what unpacks to far more than there may be', packed(Buffer.alloc(64 * MOST_UNPACKED))],
  ['no end of the index', packed('{"removed":[],"added":[]}')],
  ['no JSON', packed('{"removed":\n')],
  ['no table', indexed([])],
  ['no list of what was removed', indexed({ added: [] })],
  ['a number among what was removed', indexed({ removed: [1], added: [] })],
  ['an entry that is no list', indexed({ removed: [], added: ['a'] })],
  ['an entry with more in it', indexed({ removed: [], added: [[...file('a'), 0o777]] })],
  ['a path that is none', indexed({ removed: [], added: [file(1)] })],
  ['an unknown kind', indexed({ removed: [], added: [file('a', 0, 'device')] })],
  ['a negative size', indexed({ removed: [], added: [file('a', -1), file('b', 2)] }, 'x')],
  ['a broken size', indexed({ removed: [], added: [file('a', 0.5)] })],
  ['more files than contents', indexed({ removed: [], added: [file('a', 2)] }, 'x')],
  ['more contents than files', indexed({ removed: [], added: [file('a')] }, 'x')],
  ['a path that stands twice', indexed({ removed: [], added: [file('a'), file('a')] })],
  ['a file before its folder', indexed({ removed: [], added: [file('a/b'), file('a', 0, 'folder')] })],
])('%s is no record', (_, text) => {
  expect(decodeMade(text)).toBeUndefined();
});
