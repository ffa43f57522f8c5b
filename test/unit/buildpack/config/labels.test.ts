import { expect, test } from 'vitest';
import { readDeclarations } from '../../../../src/buildpack/config/declaration.ts';
import { readLabels } from '../../../../src/buildpack/config/labels.ts';
import { createSources } from '../../../../src/buildpack/config/sources.ts';
import { collectVariables } from '../../../../src/buildpack/config/variables.ts';
import { failureOf } from '../../../support/failure.ts';

const declared = (labels: unknown, file = 'func.toml') =>
  readDeclarations([{ file, value: { labels } }], ['name', 'labels']);

test('FUNC_LABEL_* are named as OpenFunction names them, and ours', () => {
  expect(readLabels({ FUNC_LABEL_OWNER_TEAM: 'Payments', FUNC_LABEL_A: '', OTHER: '1' })).toEqual({
    'google.owner-team': 'Payments',
    'io.openfunction.label.owner-team': 'Payments',
    'google.a': '',
    'io.openfunction.label.a': '',
  });
});

test('variables win over func.toml, and that over package.json', () => {
  const files = [
    ...declared({ a: '1', 'google.x': '1' }),
    ...declared({ a: '2', 'org.opencontainers.image.title': 'Hello' }, 'package.json'),
  ];
  expect(createSources(collectVariables({ FUNC_LABEL_X: '3' }), files).labels).toEqual({
    a: '1',
    'org.opencontainers.image.title': 'Hello',
    'google.x': '3',
    'io.openfunction.label.x': '3',
  });
});

test.each<[string, () => unknown]>([
  ['two underscores', () => readLabels({ FUNC_LABEL_A__B: '1' })],
  ['no name', () => readLabels({ FUNC_LABEL_: '1' })],
  ['a text for a table', () => declared('a')],
  ['a number', () => declared({ a: 1 })],
  ['a name with a blank', () => declared({ 'a b': '1' })],
  ['a label of the lifecycle', () => declared({ 'io.buildpacks.build.metadata': '1' })],
])('%s is refused', async (_, act) => {
  expect(await failureOf(act)).toMatchSnapshot();
});
