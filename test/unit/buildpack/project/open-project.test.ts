import { expect, test } from 'vitest';
import { warningsOf } from '../../../../src/buildpack/project/open-project.ts';
import { readProject, readVariables } from '../../../../src/buildpack/project/project.ts';
import { makeFolder } from '../../../support/workspace.ts';

const START = { 'package.json': '{"scripts": {"start": "node server.js"}}' };
const MEANT = { ...START, 'func.toml': '[openfunction]\nentrypoint = "node server.js"\n' };
const NAMED = { ...START, 'func.toml': '[openfunction]\nname = "hello"\n' };
const OPENFUNCTION = '/workspace/source/packages/fn';

test.each<[string, Record<string, string>, string, Record<string, string>, boolean]>([
  ['an application of OpenFunction without variables', START, OPENFUNCTION, {}, true],
  ['one that names its command', MEANT, OPENFUNCTION, {}, false],
  ['a function that a file names', NAMED, OPENFUNCTION, {}, false],
  ['one with variables', START, OPENFUNCTION, { A: '1' }, false],
  ['one of another platform', START, '/workspace', {}, false],
])('%s: whether its variables may be lost', async (_, files, appDir, userEnv, isTold) => {
  const app = makeFolder(files);
  const project = await readProject(app, await readVariables({ appDir: app, env: userEnv, userEnv }));
  const warnings = warningsOf({ appDir, userEnv }, project);
  expect(warnings.map((warning) => warning.slice(0, 24))).toEqual(isTold ? ['Not one variable arrived'] : []);
});
