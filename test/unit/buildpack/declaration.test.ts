import { expect, test } from 'vitest';
import { readDeclaration } from '../../../src/buildpack/declaration.ts';
import { readPackageJson } from '../../../src/buildpack/package-json.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

const packageJsonWith = (openfunction: unknown) =>
  readPackageJson(makeFolder({ 'package.json': JSON.stringify({ openfunction }) }));

test('func.toml wins over package.json', async () => {
  const packageJson = await packageJsonWith({ name: 'there' });
  const funcToml = { openfunction: { name: 'here', type: 'http', source: 'src' } };
  expect(readDeclaration({ funcToml, packageJson })).toEqual({
    name: 'here',
    type: 'http',
    source: 'src',
    file: 'func.toml',
  });
  expect(readDeclaration({ funcToml: undefined, packageJson })).toEqual({
    name: 'there',
    file: 'package.json',
  });
});

test('no key, no declaration', () => {
  expect(readDeclaration({ funcToml: { other: 1 }, packageJson: undefined })).toBeUndefined();
});

test.each([
  ['a text', 'hello'],
  ['an unknown key', { naem: 'hello' }],
  ['an empty name', { name: '' }],
])('%s is refused', async (_, openfunction) => {
  const act = () => readDeclaration({ funcToml: { openfunction }, packageJson: undefined });
  expect(await failureOf(act)).toMatchSnapshot();
});
