import { expect, test } from 'vitest';
import type { BuildSetting } from '../../../../src/buildpack/config/setting.ts';
import { createSources } from '../../../../src/buildpack/config/sources.ts';
import { collectVariables } from '../../../../src/buildpack/config/variables.ts';
import { decisionOf } from '../../../../src/buildpack/decision.ts';

const COLOUR: BuildSetting<string> = {
  subject: 'colour',
  variables: ['BP_COLOUR', 'BP_COLOR'],
  key: 'colour',
  help: 'the colour',
  fallback: 'none',
  parse: (raw) => raw.toLowerCase(),
};

const declared = (file: string, colour: string) => ({ file, values: new Map([['colour', colour]]) });

test.each([
  ['the first variable', { BP_COLOUR: 'Red', BP_COLOR: 'Blue' }, { value: 'red', source: 'BP_COLOUR' }],
  ['the other variable', { BP_COLOUR: '', BP_COLOR: 'Blue' }, { value: 'blue', source: 'BP_COLOR' }],
  ['the first file', {}, { value: 'green', source: '"colour" in func.toml' }],
])('%s wins', (_, env, expected) => {
  const files = [declared('func.toml', 'Green'), declared('package.json', 'Black')];
  expect(createSources(collectVariables(env), files).read(COLOUR)).toEqual(expected);
});

test('nobody says anything: the fallback', () => {
  const other = { file: 'func.toml', values: new Map([['name', 'hello']]) };
  expect(createSources(collectVariables({}), [other]).read(COLOUR)).toEqual({ value: 'none', source: 'default' });
});

test('a row is a decision', () => {
  const { read } = createSources(collectVariables({ BP_COLOR: 'Red' }), []);
  expect(decisionOf(COLOUR, read(COLOUR))).toEqual({
    subject: 'colour',
    value: 'red',
    source: 'BP_COLOR',
    change: 'BP_COLOUR, BP_COLOR, "colour" in func.toml or package.json',
  });
});
