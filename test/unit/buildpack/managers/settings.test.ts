import { expect, test } from 'vitest';
import { INSTALL_SETTINGS } from '../../../../src/buildpack/managers/settings.ts';
import { failureOf } from '../../../support/failure.ts';

const { parse } = INSTALL_SETTINGS.scripts;

test.each([
  ['on', 'on'],
  [' OFF ', 'off'],
  ['sharp', ['sharp']],
  ['sharp, @acme/native.js ,a', ['sharp', '@acme/native.js', 'a']],
])('install scripts "%s"', (raw, value) => {
  expect(parse(raw, 'BP_INSTALL_SCRIPTS')).toEqual(value);
});

test.each(['--foreground-scripts', 'a b', '@acme/', 'a,,b', ''])('"%s" is no list of packages', async (raw) => {
  expect(await failureOf(() => parse(raw, 'BP_INSTALL_SCRIPTS'))).toMatch(/^ERROR \[OFN-CONFIG\]/);
});
