import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeCredentials } from '../../../../src/buildpack/bindings/address-credentials.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('addresses of packages lose users and passwords, in the files that have them', async () => {
  const app = makeFolder({
    'package.json': '{"dependencies": {"a": "git+https://pw@h.example/a.git"}, "own": "https://me:pw@h.example"}',
    'package-lock.json': '{"resolved": "https://me:pw@h.example/a.tgz", "version": "https://h.example/@a/b"}',
    'pnpm-workspace.yaml': 'catalog:\n  a: https://me:p%40w@h.example/a.tgz\n',
    'packages/a/yarn.lock': '"a@https://me:pw@h.example/a.tgz":\n  resolved "git+ssh://git@h.example/a.git"\n',
    'packages/a/package.json': 'not JSON https://me:pw@h.example',
    'packages/b/package.json': '[]',
    'packages/c/package.json': '{"repository": {"url": "git+https://me:pw@h.example/c.git"}}',
    'node_modules/a/package.json': '{"dependencies": {"a": "https://me:pw@h.example"}}',
  });
  const text = (path: string): string => readFileSync(join(app, path), 'utf8');
  const other = ['packages/a/package.json', 'packages/b/package.json', 'node_modules/a/package.json'];
  const before = other.map(text);
  const found = await removeCredentials(app);
  expect(
    [...found].map(([path, credentials]) => [path, credentials.map(({ pair, url }) => `${pair} ${url.href}`)]),
  ).toEqual([
    ['package-lock.json', ['me:pw https://h.example/a.tgz']],
    ['package.json', ['pw: https://h.example/a.git', 'me:pw https://h.example/']],
    ['packages/a/yarn.lock', ['me:pw https://h.example/a.tgz']],
    ['packages/c/package.json', ['me:pw https://h.example/c.git']],
    ['pnpm-workspace.yaml', ['me:p@w https://h.example/a.tgz']],
  ]);
  expect(text('package.json')).toBe(
    '{"dependencies": {"a": "git+https://h.example/a.git"}, "own": "https://me:pw@h.example"}',
  );
  expect(text('package-lock.json')).toBe(
    '{"resolved": "https://h.example/a.tgz", "version": "https://h.example/@a/b"}',
  );
  expect(text('packages/a/yarn.lock')).toBe(
    '"a@https://h.example/a.tgz":\n  resolved "git+ssh://git@h.example/a.git"\n',
  );
  expect(text('packages/c/package.json')).toBe('{"repository": {"url": "git+https://h.example/c.git"}}');
  expect(other.map(text)).toEqual(before);
  expect(text('pnpm-workspace.yaml')).toBe('catalog:\n  a: https://h.example/a.tgz\n');
  expect(await removeCredentials(app)).toEqual(new Map());
});
