import { expect, test } from 'vitest';
import { readDeclarations } from '../../../../src/buildpack/config/declaration.ts';
import { failureOf } from '../../../support/failure.ts';

const KEYS = ['name', 'type', 'scripts'];

test('what files declare, in their order, as the texts that variables would have', () => {
  const declared = readDeclarations(
    [
      { file: 'func.toml', value: { name: 'here', scripts: ['build', 'css'] } },
      { file: 'other.toml', value: undefined },
      { file: 'package.json', value: { name: true, type: 20 } },
    ],
    KEYS,
  );
  expect(declared).toEqual([
    {
      file: 'func.toml',
      values: new Map([
        ['name', 'here'],
        ['scripts', 'build,css'],
      ]),
    },
    {
      file: 'package.json',
      values: new Map([
        ['name', 'true'],
        ['type', '20'],
      ]),
    },
  ]);
});

test.each([
  ['a text', 'hello'],
  ['a key that is misspelt', { naem: 'hello' }],
  ['a key like no other', { colour: 'red' }],
  ['an empty name', { name: '' }],
  ['a table', { name: { first: 'hello' } }],
  ['a list of tables', { scripts: [{ name: 'build' }] }],
])('%s is refused', async (_, value) => {
  expect(await failureOf(() => readDeclarations([{ file: 'func.toml', value }], KEYS))).toMatchSnapshot();
});
