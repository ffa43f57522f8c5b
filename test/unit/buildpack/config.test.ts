import { expect, test } from 'vitest';
import { readConfig } from '../../../src/buildpack/config.ts';
import { failureOf } from '../../support/failure.ts';

test('nothing named is no configuration', () => {
  expect(readConfig('/app', { FUNC_TYPE: 'http', FUNC_NAME: '' }, undefined)).toBeUndefined();
});

test('defaults', () => {
  expect(readConfig('/app', { FUNCTION_TARGET: 'hello' }, undefined)).toEqual({
    target: { value: 'hello', source: 'FUNCTION_TARGET' },
    signatureType: { value: 'http', source: 'default' },
    source: { value: '/app', source: 'default' },
    check: { value: true, source: 'default' },
    vendored: { value: false, source: 'default' },
    scripts: { value: [], source: 'default' },
    keel: {},
  });
});

test('variables win over the declaration, FUNC_NAME over FUNCTION_TARGET', () => {
  const declaration = { name: 'declared', type: 'cloudevent', source: 'src', scripts: 'build, css', file: 'func.toml' };
  const env = { FUNC_NAME: 'a', FUNCTION_TARGET: 'b', FUNC_TYPE: 'HTTP', BP_FUNCTION_CHECK: 'off' };
  expect(readConfig('/app', env, declaration)).toEqual({
    target: { value: 'a', source: 'FUNC_NAME' },
    signatureType: { value: 'http', source: 'FUNC_TYPE' },
    source: { value: '/app/src', source: '"source" in func.toml' },
    check: { value: false, source: 'BP_FUNCTION_CHECK' },
    vendored: { value: false, source: 'default' },
    scripts: { value: ['build', 'css'], source: '"scripts" in func.toml' },
    keel: {},
  });
});

test.each<[string, Record<string, string>]>([
  ['a name of two words', { FUNC_NAME: 'hello world' }],
  ['a name with a line break', { FUNC_NAME: 'hello\nrm' }],
  ['a source above the app', { FUNC_NAME: 'hello', FUNC_SRC: '../other' }],
  ['an absolute source', { FUNC_NAME: 'hello', FUNC_SRC: '/etc/passwd' }],
  ['a check that is neither on nor off', { FUNC_NAME: 'hello', BP_FUNCTION_CHECK: 'maybe' }],
  ['scripts with blanks in their names', { FUNC_NAME: 'hello', BP_NODE_RUN_SCRIPTS: 'npm run build' }],
  ['a signature type nobody knows', { FUNC_NAME: 'hello', FUNC_TYPE: 'grpc' }],
])('%s is refused', async (_, env) => {
  expect(await failureOf(() => readConfig('/app', env, undefined))).toMatchSnapshot();
});

test.each([
  ['a type nobody knows', { name: 'hello', type: 'grpc', file: 'func.toml' }],
  ['a name of two words', { name: 'hello world', file: 'package.json' }],
])('%s that is declared is refused, and its file named', async (_, declaration) => {
  expect(await failureOf(() => readConfig('/app', {}, declaration))).toMatchSnapshot();
});

test.each(['http', 'event', 'CloudEvent', 'TYPED', 'openfunction'])('%s is a signature type', (type) => {
  const config = readConfig('/app', { FUNC_NAME: 'hello', FUNC_TYPE: type }, undefined);
  expect(config?.signatureType.value).toBe(type.toLowerCase());
});
