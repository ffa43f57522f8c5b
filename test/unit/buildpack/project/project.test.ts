import { expect, test } from 'vitest';
import { readProject, readVariables } from '../../../../src/buildpack/project/project.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const read = async (appDir: string) => readProject(appDir, await readVariables({ appDir, env: {}, userEnv: {} }));

test.each<[string, Record<string, string>]>([
  ['a broken package.json', { 'package.json': '{ "name": }' }],
  ['a package.json that is a list', { 'package.json': '[]' }],
  ['a broken func.toml', { 'func.toml': '[openfunction]\nname = hello\n' }],
  ['a func.toml without its table', { 'func.toml': 'name = "hello"\n' }],
  ['a func.toml with its table misspelt', { 'func.toml': '[openfuncton]\nname = "hello"\n' }],
  ['a func.toml with another table', { 'func.toml': '[labels]\na = "b"\n' }],
  ['a func.toml with a table of another tool', { 'func.toml': '[deploy]\na = "b"\n' }],
  ['a name that is empty', { 'func.toml': '[openfunction]\nname = ""\n' }],
  ['an unknown key in func.toml', { 'func.toml': '[openfunction]\nnaem = "hello"\n' }],
])('%s is named relative to the app', async (_, files) => {
  expect(await failureOf(() => read(makeFolder(files)))).toMatchSnapshot();
});
