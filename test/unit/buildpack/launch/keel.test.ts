import { parse } from '@iarna/toml';
import { expect, test } from 'vitest';
import { encodeCheckRequest, readCheckRequest } from '../../../../src/buildpack/proof/check-protocol.ts';
import { decodeKeel, readKeelVariables } from '../../../../src/buildpack/launch/keel.ts';
import { readProject, readVariables } from '../../../../src/buildpack/project/project.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const TOML = `
[keel]
plugin_id = "acme-mail"
version = "1.0"
dialect = "v0.1.0"
tkeel_version = "v0.1.0"
[keel.addons]
before-send = "B"
[[keel.main_plugins]]
id = "acme-x"
endpoints = { a = "/a" }
`;
const VARIABLES = {
  KEEL_PLUGIN_ID: 'acme-mail',
  KEEL_PLUGIN_VERSION: '1.0',
  KEEL_DIALECT: 'v0.1.0',
  KEEL_TKEEL_VERSION: 'v0.1.0',
  KEEL_ADDONS: '{"before-send":"B"}',
  KEEL_MAIN_PLUGINS: '[{"id":"acme-x","endpoints":{"a":"/a"}}]',
};

test('[keel] of func.toml becomes variables, beside any declaration or none', async () => {
  expect(decodeKeel(parse(TOML)['keel'])).toEqual(VARIABLES);
  const keelOf = async (funcToml: string, env: Record<string, string>) => {
    const appDir = makeFolder({ 'func.toml': funcToml });
    return (await readProject(appDir, await readVariables({ appDir, env, userEnv: env }))).config.keel;
  };
  expect(await keelOf(TOML, { FUNC_NAME: 'a' })).toEqual(VARIABLES);
  expect(await keelOf(`${TOML}[openfunction]\nname = "a"\n`, {})).toEqual(VARIABLES);
});

test('variables of the build win over func.toml, and are enough', () => {
  expect(readKeelVariables({ KEEL_PLUGIN_VERSION: '2', KEEL_DIALECT: '' }, VARIABLES)).toEqual({
    ...VARIABLES,
    KEEL_PLUGIN_VERSION: '2',
  });
  expect(readKeelVariables({ KEEL_PLUGIN_ID: 'a' }, undefined)).toEqual({ KEEL_PLUGIN_ID: 'a' });
  expect(readKeelVariables({ KEEL_DIALECT: 'v0.1.0' }, undefined)).toEqual({});
});

test('the boot check gets them', () => {
  const request = {
    source: '/a',
    target: 'b',
    signatureType: 'http',
    bounds: { appDir: '/app', folders: ['/layers'] },
    standIns: [],
    complete: true,
    keel: VARIABLES,
  };
  expect(readCheckRequest(encodeCheckRequest(request))).toEqual(request);
});

test.each<[string, () => unknown]>([
  ['a text', () => decodeKeel('acme')],
  ['an unknown key', () => decodeKeel({ id: 'acme' })],
  ['a version that is a number', () => decodeKeel({ version: 1 })],
  ['extension points that are a text', () => decodeKeel({ addons: 'a' })],
  ['no id', () => readKeelVariables({}, { KEEL_DIALECT: 'v0.1.0' })],
])('%s is refused', async (_, act) => {
  expect(await failureOf(async () => act())).toMatchSnapshot();
});
