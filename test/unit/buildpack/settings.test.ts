import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUILD_SETTINGS } from '../../../src/buildpack/settings.ts';
import { ROOT } from '../../support/artefact.ts';

const code = (word: string): string => `\`${word}\``;

function defaultOf(fallback: unknown): string {
  if (typeof fallback === 'boolean') return code(fallback ? 'on' : 'off');
  if (fallback !== null && typeof fallback === 'object' && Object.keys(fallback).length === 0) return 'none';
  return fallback === '' || (Array.isArray(fallback) && fallback.length === 0) ? 'none' : code(String(fallback));
}

test('docs/build.md has every setting, in the same words', () => {
  const page = readFileSync(join(ROOT, 'docs/build.md'), 'utf8');
  const [, table = ''] = /^\| variable [^]*?\n\| -[^\n]*\n([^]*?)\n\n/m.exec(page) ?? [];
  const rows = table.split('\n').map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  const settings = BUILD_SETTINGS.map(({ variables, key, fallback, help }) => [
    variables.map(code).join(', '),
    key === undefined ? '' : code(key),
    defaultOf(fallback ?? ''),
    help,
  ]);
  expect(rows).toEqual(settings);
});

test('no variable and no key belongs to two settings', () => {
  const names = BUILD_SETTINGS.flatMap(({ variables, key }) => variables.concat(key ?? []));
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
});
