import { expect, test } from 'vitest';
import { FRAMEWORK_SETTINGS } from '../../../../../src/buildpack/framework-layer/version/settings.ts';
import { failureOf } from '../../../../support/failure.ts';

const parse = (raw: string): string => FRAMEWORK_SETTINGS.version.parse(raw, 'FUNC_FRAMEWORK_VERSION');

test.each(['1.0.0', 'v0.4.0', '^1.2.0', '1.x', '>=1 <2', 'latest'])('%s is a version, a range or latest', (raw) => {
  expect(parse(raw)).toBe(raw);
});

test('the word may be written in any case', () => {
  expect(parse(' Latest ')).toBe('latest');
});

test('anything else is refused', async () => {
  expect(await failureOf(() => parse('newest'))).toMatchInlineSnapshot(`
    "ERROR [OFN-CONFIG] Couldn't use FUNC_FRAMEWORK_VERSION: "newest" is no version of the functions framework.

    Set FUNC_FRAMEWORK_VERSION to a version, a range or latest, for example 1.0.0 or ^1.0.0, or leave it out for the one that the builder carries."
  `);
});
