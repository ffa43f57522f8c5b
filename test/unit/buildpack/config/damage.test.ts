import { expect, test } from 'vitest';
import { describeDamage } from '../../../../src/buildpack/config/damage.ts';
import { failureOf } from '../../../support/failure.ts';

test.each([
  ['NODE_OPTIONS', '--max-old-space-size'],
  ['NODE_OPTIONS', '--enable-source-maps --require'],
  ['NODE_OPTIONS', '-r'],
  ['BP_IMAGE_LABELS', 'team'],
  ['BP_NODE_RUN_SCRIPTS', 'build,'],
  ['BP_INSTALL_SCRIPTS', 'sharp,'],
  ['FUNC_NAME', 'hello#URL'],
])('%s=%s can not be meant', async (name, value) => {
  expect(await failureOf(() => describeDamage({ [name]: value }))).toMatchSnapshot();
});

test.each([
  ['URL', 'https://registry.example/?token'],
  ['BP_NODE_RUN_SCRIPTS', 'npm'],
  ['BUILD', 'node'],
  ['KEEL_ADDONS', '{before-send:B}'],
  ['KEEL_ADDONS', '{before-send:'],
  ['LIST', '[a,b]'],
])('%s=%s may be damaged, and the value is not shown', (name, value) => {
  const warnings = describeDamage({ [name]: value });
  expect(warnings).toMatchSnapshot();
  expect(warnings.join('')).not.toContain(value);
});

test.each([
  ['NODE_OPTIONS', '--enable-source-maps'],
  ['NODE_OPTIONS', '--max-old-space-size=512'],
  ['NODE_OPTIONS', '--require ./a.js'],
  ['URL', 'https://example/a?b=c'],
  ['URL', 'https://example/a'],
  ['BP_NODE_RUN_SCRIPTS', 'build'],
  ['BP_NODE_RUN_SCRIPTS', 'build, lint'],
  ['BP_IMAGE_LABELS', 'team=shop note="two words"'],
  ['LIST', 'a,'],
  ['NAME', 'npm'],
  ['JSON', '{"a": "}"}'],
  ['JSON', '[1,2]'],
  ['JSON', '{}'],
  ['TEMPLATE', 'a{b'],
  ['EMPTY', ''],
])('%s=%s is as it should be', (name, value) => {
  expect(describeDamage({ [name]: value })).toEqual([]);
});
