import { expect, test } from 'vitest';
import { readProject, readVariables } from '../../../src/buildpack/project.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

const read = async (appDir: string) => readProject(appDir, await readVariables({ appDir, env: {}, userEnv: {} }));

test.each<[string, Record<string, string>]>([
  ['a broken package.json', { 'package.json': '{ "name": }' }],
  ['a package.json that is a list', { 'package.json': '[]' }],
  ['a broken func.toml', { 'func.toml': '[openfunction]\nname = hello\n' }],
  ['an unknown key in func.toml', { 'func.toml': '[openfunction]\nnaem = "hello"\n' }],
])('%s is named relative to the app', async (_, files) => {
  expect(await failureOf(() => read(makeFolder(files)))).toMatchSnapshot();
});
