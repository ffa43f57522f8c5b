import { expect, test } from 'vitest';
import { explainNpmFailure } from '../../../src/buildpack/npm.ts';
import { describeError } from '../../../src/base/error.ts';

test.each([
  [
    'a lock file that disagrees',
    'npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
  ],
  [
    'an unknown package',
    'npm error code E404\nnpm error 404 Not Found - GET https://registry.example.com/no-such - Not found',
  ],
  ['an unknown version', 'npm error code ETARGET\nnpm error notarget No matching version found for a@99.'],
  ['credentials that are refused', 'npm error code E401\nnpm error Incorrect or missing password.'],
  ['bytes that differ', 'npm error code EINTEGRITY\nnpm error sha512-a integrity checksum failed'],
  [
    'a compiler error',
    'npm error gyp ERR! build error\nnpm error gyp ERR! stack Error: `make` failed with exit code: 2',
  ],
  ['no network', 'npm error code ENOTFOUND\nnpm error network request failed'],
  ['an unknown certificate', 'npm error code SELF_SIGNED_CERT_IN_CHAIN'],
  ['anything else', 'npm error code EWHAT'],
])('%s', (_, output) => {
  expect(describeError(explainNpmFailure(output, undefined))).toMatchSnapshot();
});

test('credentials do not reach the log', () => {
  const output =
    'npm error code E401\nnpm error GET https://user:secret@example.com/a\nnpm error //example.com/:_authToken=secret';
  expect(describeError(explainNpmFailure(output, undefined))).not.toContain('secret');
});
