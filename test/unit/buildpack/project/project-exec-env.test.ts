import { expect, test } from 'vitest';
import { execEnvOfProject } from '../../../../src/buildpack/project/project-exec-env.ts';
import { makeFolder } from '../../../support/workspace.ts';

const IN_FILE = '[_]\nschema-version = "0.2"\n[[io.buildpacks.build.env]]\nname = "BP_ENV"\nvalue = "development"\n';
const encoded = Buffer.from('{"BP_ENV": "test"}').toString('base64url');

test.each([
  ['nobody', {}, {}, 'production'],
  ['a variable', {}, { BP_ENV: 'test' }, 'test'],
  ['a variable over the platform', {}, { CNB_EXEC_ENV: 'production', BP_ENV: 'test' }, 'test'],
  ['project.toml', { 'project.toml': IN_FILE }, {}, 'development'],
  ['a variable over project.toml', { 'project.toml': IN_FILE }, { BP_ENV: 'production' }, 'production'],
  ['FUNC_ENV_B64URL', { 'project.toml': IN_FILE }, { FUNC_ENV_B64URL: encoded }, 'test'],
])('%s says what an image is for', async (_, files, variables, execEnv) => {
  expect(await execEnvOfProject(makeFolder(files), variables)).toBe(execEnv);
});
