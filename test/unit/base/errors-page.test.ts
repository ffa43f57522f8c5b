import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../../src/base/error.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `(OFN-[A-Z-]+)` +\| (.+?) +\| (.+?) +\|$/gm)];

test('docs/errors.md has every code with its sentence, sorted, and no other', () => {
  const documented = rows.map(([, code, summary]) => [code, summary]);
  expect(documented).toEqual(Object.entries(ERROR_CODES).toSorted(([a], [b]) => (a < b ? -1 : 1)));
});

test('every code says what to do', () => {
  expect(rows.filter(([, , , act]) => act === undefined || act.length < 20)).toEqual([]);
});
