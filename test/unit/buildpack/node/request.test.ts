import { maxSatisfying } from 'semver';
import { expect, test } from 'vitest';
import { parseRequest } from '../../../../src/buildpack/node/request.ts';
import { failureOf } from '../../../support/failure.ts';

const RELEASED = [
  '18.20.8',
  '20.20.2',
  '22.1.0',
  '22.18.0',
  '22.23.3',
  '23.11.1',
  '24.0.2',
  '24.21.0',
  '25.9.0',
  '26.10.0',
];

/** The newest release that a text allows. */
const newest = (text: string): string | null => maxSatisfying(RELEASED, parseRequest(text, '.nvmrc').range);

test.each([
  ['22', '22.23.3'],
  ['22.1', '22.1.0'],
  ['v22.18.0', '22.18.0'],
  ['V24', '24.21.0'],
  ['=22.18.0', '22.18.0'],
  ['20.x', '20.20.2'],
  ['^24.1.0', '24.21.0'],
  ['~22.1', '22.1.0'],
  ['>=22 <24', '23.11.1'],
  ['>= 22', '26.10.0'],
  ['20 || 22', '22.23.3'],
  ['22.x || >=26', '26.10.0'],
  ['20 - 24', '24.21.0'],
  ['<24', '23.11.1'],
  ['*', '26.10.0'],
  ['x', '26.10.0'],
  ['node', '26.10.0'],
  ['stable', '26.10.0'],
  ['latest', '26.10.0'],
  ['current', '26.10.0'],
  ['latest:22', '22.23.3'],
  ['lts', '26.10.0'],
  ['lts/*', '26.10.0'],
  ['LTS/Jod', '22.23.3'],
  ['lts/jod', '22.23.3'],
  ['lts/krypton', '24.21.0'],
  ['lts/lithium', '26.10.0'],
  ['lts/iron', '20.20.2'],
  ['lts/hydrogen', '18.20.8'],
  ['lts-jod', '22.23.3'],
  ['jod', '22.23.3'],
  ['lts/-1', '24.21.0'],
  ['lts/-2', '22.23.3'],
])('"%s" allows %s at most', (text, version) => {
  expect(newest(text)).toBe(version);
});

test('any line with long-term support is none without', () => {
  expect(maxSatisfying(['23.11.1', '24.21.0', '25.9.0', '27.0.0'], parseRequest('lts/*', '.nvmrc').range)).toBe(
    '24.21.0',
  );
});

test.each([
  'iojs',
  'iojs-v3.3.1',
  'system',
  'default',
  'nightly',
  'ref:main',
  'lts/nosuch',
  'lts/-99',
  'node 22',
  'twenty',
  '22..1',
])('"%s" is refused', async (text) => {
  expect(await failureOf(() => parseRequest(text, '.nvmrc'))).toMatchSnapshot();
});
