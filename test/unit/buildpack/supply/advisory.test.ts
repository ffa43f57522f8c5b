import { expect, test } from 'vitest';
import { affects, fixOf, type Advisory } from '../../../../src/buildpack/supply/advisory.ts';
import { KNOWN } from '../../../../src/buildpack/supply/known.ts';
import { readRecord } from '../../../../src/buildpack/supply/osv.ts';

const RECORD = { id: 'GHSA-1', modified: '2026-11-01T00:00:00Z' };
const range = (...events: object[]) => ({ type: 'SEMVER', events });
const record = (affected: object, more: object = {}) => ({
  ...RECORD,
  affected: [{ package: { ecosystem: 'npm', name: 'a' }, ...affected }],
  ...more,
});

function only(value: object): Advisory {
  const [advisory] = readRecord(value)?.advisories ?? [];
  if (advisory === undefined) throw new Error('no advisory');
  return advisory;
}

const affected = (advisory: Advisory, versions: readonly string[]): string[] =>
  versions.filter((version) => affects(advisory, version));

test('spans begin and end where events say so, in whatever order', () => {
  const advisory = only(
    record({
      ranges: [
        range({ fixed: '2.1.0' }, { introduced: '2.0.0' }, { fixed: '1.2.0' }, { introduced: '0' }),
        range({ introduced: '3.0' }, { last_affected: '3.1.0' }),
        { type: 'GIT', events: [{ introduced: '0' }] },
      ],
      versions: ['1.9.0'],
    }),
  );
  const all = ['0.0.1-a', '1.1.9', '1.2.0', '1.9.0', '2.0.0-rc.1', '2.0.0', '2.1.0', '3.0.0', '3.1.0', '3.1.1', 'git'];
  expect(affected(advisory, all)).toEqual(['0.0.1-a', '1.1.9', '1.9.0', '2.0.0', '3.0.0', '3.1.0']);
  expect(fixOf(advisory, '1.0.0')).toBe('1.2.0');
  expect(fixOf(advisory, '1.9.0')).toBe('2.1.0');
  expect(fixOf(advisory, '3.0.0')).toBeUndefined();
});

test('a fix that another span has again is none', () => {
  const ranges = [
    range({ introduced: '1.0.0' }, { fixed: '1.1.0' }),
    range({ introduced: '1.0.0' }, { fixed: '1.2.0' }),
  ];
  expect(fixOf(only(record({ ranges })), '1.0.0')).toBe('1.2.0');
});

test('severities are those that databases say; what says none is critical, as malicious packages are', () => {
  const ranges = [range({ introduced: '0' })];
  const severity = (more: object): string => only(record({ ranges }, more)).severity;
  expect(severity({ database_specific: { severity: 'MODERATE' } })).toBe('moderate');
  expect(severity({ database_specific: { severity: 'UNHEARD' } })).toBe('critical');
  expect(severity({})).toBe('critical');
});

test('one advisory for each package; none of other ecosystems and of what was withdrawn', () => {
  const entry = (ecosystem: string, name: string) => ({ package: { ecosystem, name }, versions: ['1.0.0'] });
  const many = { ...RECORD, affected: [entry('npm', 'a'), entry('PyPI', 'b'), entry('npm', 'a'), entry('npm', 'c')] };
  expect(readRecord(many)?.advisories.map(({ packageName }) => packageName)).toEqual(['a', 'c']);
  expect(readRecord({ ...many, withdrawn: '2026-11-02T00:00:00Z' })?.advisories).toEqual([]);
  expect(readRecord({ name: 'no-record' })).toBeUndefined();
  expect(readRecord([])).toBeUndefined();
});

const known = (name: string, version: string): boolean =>
  KNOWN.advisories.some((advisory) => advisory.packageName === name && affects(advisory, version));

test.each([
  ['react-server-dom-webpack', ['19.0.0', '19.1.1', '19.2.0'], ['18.3.0', '19.0.1', '19.1.2', '19.2.1', '19.3.0']],
  [
    'next',
    ['14.3.0-canary.77', '15.0.4', '15.1.0', '15.5.6', '15.6.0-canary.57', '16.0.0', '16.0.6', '16.1.0-canary.11'],
    ['14.2.35', '14.3.0-canary.76', '15.0.5', '15.5.7', '15.6.0-canary.58', '16.0.7', '16.1.0', '16.2.0'],
  ],
])('what a build knows by itself of %s', (name, vulnerable, fixed) => {
  expect(vulnerable.filter((version) => !known(name, version))).toEqual([]);
  expect(fixed.filter((version) => known(name, version))).toEqual([]);
});
