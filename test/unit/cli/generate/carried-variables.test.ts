import { expect, test } from 'vitest';
import { decodeVariables } from '../../../../src/buildpack/config/encoded-variables.ts';
import { carryVariables } from '../../../../src/cli/generate/carried-variables.ts';
import { strategyOf } from '../../../support/resource-request.ts';

/** What a carrier says plainly, and what it says in the variable that holds others. */
function carried(...args: Parameters<typeof carryVariables>) {
  const { FUNC_ENV_B64URL, ...plain } = carryVariables(...args);
  return { plain, encoded: FUNC_ENV_B64URL === undefined ? {} : decodeVariables(FUNC_ENV_B64URL) };
}

const VALUES = [
  'hello',
  '^20.1.0',
  'https://example.com/a',
  '',
  '--max-old-space-size=512',
  'https://x?a=b',
  'npm run build',
  '{"a":1}',
  '>=20',
  "it's",
  '*',
  '~',
  'a\nb',
];

test.each(VALUES)('%j reaches a build by our strategy plainly', (VALUE) => {
  for (const kind of ['Build', 'Function'] as const) {
    expect(carried({ VALUE }, strategyOf('openfunction-node'), kind)).toEqual({ plain: { VALUE }, encoded: {} });
  }
});

test.each(VALUES.slice(3))('%j reaches a build by another strategy encoded', (VALUE) => {
  for (const kind of ['Build', 'Function'] as const) {
    expect(carried({ VALUE, A: '1' }, strategyOf('openfunction'), kind)).toEqual({
      plain: { A: '1' },
      encoded: { VALUE },
    });
  }
});

test.each(VALUES.slice(0, 3))('%j reaches a build by another strategy plainly', (VALUE) => {
  expect(carried({ VALUE }, strategyOf('buildpacks-v3'), 'Build')).toEqual({ plain: { VALUE }, encoded: {} });
});

test.each([
  ['$(HOME)', 'Build'],
  ['a$$b', 'Build'],
  ['a\n$(x)', 'Function'],
  ['a#b', 'Function'],
] as const)('%j is encoded for a %s by our strategy too', (VALUE, kind) => {
  expect(carried({ VALUE }, strategyOf('openfunction-node'), kind)).toEqual({ plain: {}, encoded: { VALUE } });
});

test('an encoded variable stays, unless another one had to go into it', () => {
  const given = { FUNC_ENV_B64URL: 'eyJBIjoiMSJ9' };
  expect(carryVariables(given, strategyOf('openfunction'), 'Function')).toEqual(given);
  expect(() =>
    carryVariables({ ...given, B: 'a b' }, strategyOf('openfunction'), 'Function'),
  ).toThrowErrorMatchingSnapshot();
});

test.each(['0X1', '0B1', '-0o7', '1_000', '1_0.5e3'])('%s, a number for some readers of YAML, is encoded', (VALUE) => {
  for (const strategy of ['openfunction-node', 'buildpacks-v3']) {
    expect(carried({ VALUE }, strategyOf(strategy), 'Build')).toEqual({ plain: {}, encoded: { VALUE } });
  }
});

test.each(['-n', '-e', '-neE'])('%s, an option of echo, is encoded for strategies of others', (VALUE) => {
  expect(carried({ VALUE }, strategyOf('buildpacks-v3'), 'Build')).toEqual({ plain: {}, encoded: { VALUE } });
  expect(carried({ VALUE }, strategyOf('openfunction-node'), 'Build')).toEqual({ plain: { VALUE }, encoded: {} });
});
