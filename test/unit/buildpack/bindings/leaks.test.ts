import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refuseLeaks } from '../../../../src/buildpack/bindings/leaks.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const address = 'https://me:s3cret@h.example/a.tgz';
const url = new URL('https://h.example/a.tgz');
const refused = async (folder: string, pair: string) =>
  failureOf(() => refuseLeaks(folder, [{ address, url, pair }], 'package.json'));

test.each<[string, Record<string, string>, string]>([
  ['the name of a folder', { '.pnpm/a@https+++me+s3cret@h.example+a.tgz/index.js': '' }, 'me:s3cret'],
  ['a file', { 'a/package.json': '{"_resolved": "https://me:s3cr%40t@h.example/a.tgz"}' }, 'me:s3cr@t'],
  ['a name of a user that is a token', { 'a/package.json': '"https://ghp_token@h.example/a.tgz"' }, 'ghp_token:'],
])('a password in %s is refused, and not shown', async (_, files, pair) => {
  expect(await refused(makeFolder(files), pair)).toMatchSnapshot();
});

test('a password in a link is refused', async () => {
  const folder = makeFolder();
  symlinkSync('.pnpm/a@https+++me+s3cret@h.example/node_modules/a', join(folder, 'a'));
  expect(await refused(folder, 'me:s3cret')).toContain('ERROR [OFN-DEPS-SECRET]');
});

test('users and passwords by themselves are words like others', async () => {
  const folder = makeFolder({ 'me/git.js': 'me s3cret git s3cret:me' });
  const credentials = ['me:s3cret', 'git:'].map((pair) => ({ address, url, pair }));
  await expect(refuseLeaks(folder, credentials, 'package.json')).resolves.toBeUndefined();
});
