import { expect, test } from 'vitest';
import { readConfig, type Config } from '../../../../src/buildpack/config/function.ts';
import { createSources } from '../../../../src/buildpack/config/sources.ts';
import { collectVariables } from '../../../../src/buildpack/config/variables.ts';
import { failureOf } from '../../../support/failure.ts';

interface Declared {
  readonly file: string;
  readonly values: Readonly<Record<string, string>>;
}

function read(env: Readonly<Record<string, string>>, ...files: readonly Declared[]): Config {
  const declarations = files.map(({ file, values }) => ({ file, values: new Map(Object.entries(values)) }));
  return readConfig('/app', createSources(collectVariables(env), declarations), undefined);
}

test('no function is named', () => {
  expect(read({ FUNC_TYPE: 'http', FUNC_NAME: '' }).target).toEqual({ value: '', source: 'default' });
});

test('defaults', () => {
  expect(read({ FUNCTION_TARGET: 'hello' })).toEqual({
    execEnv: { value: 'production', source: 'default' },
    target: { value: 'hello', source: 'FUNCTION_TARGET' },
    signatureType: { value: 'http', source: 'default' },
    source: { value: '/app', source: 'default' },
    check: { value: true, source: 'default' },
    vendored: { value: false, source: 'default' },
    scripts: { value: [], source: 'default' },
    keel: {},
  });
});

test('variables win over what is declared, FUNC_NAME over FUNCTION_TARGET', () => {
  const values = { name: 'declared', type: 'cloudevent', source: 'src', scripts: 'build, css', vendored: 'true' };
  const env = { FUNC_NAME: 'a', FUNCTION_TARGET: 'b', FUNC_TYPE: 'HTTP', BP_FUNCTION_CHECK: 'off' };
  expect(read(env, { file: 'func.toml', values })).toEqual({
    execEnv: { value: 'production', source: 'default' },
    target: { value: 'a', source: 'FUNC_NAME' },
    signatureType: { value: 'http', source: 'FUNC_TYPE' },
    source: { value: '/app/src', source: '"source" in func.toml' },
    check: { value: false, source: 'BP_FUNCTION_CHECK' },
    vendored: { value: true, source: '"vendored" in func.toml' },
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
  expect(await failureOf(() => read(env))).toMatchSnapshot();
});

test.each([
  ['a type nobody knows', 'func.toml', { name: 'hello', type: 'grpc' }],
  ['a name of two words', 'package.json', { name: 'hello world' }],
])('%s that is declared is refused, and its file named', async (_, file, values) => {
  expect(await failureOf(() => read({}, { file, values }))).toMatchSnapshot();
});

test.each(['http', 'event', 'CloudEvent', 'TYPED', 'openfunction'])('%s is a signature type', (type) => {
  expect(read({ FUNC_NAME: 'hello', FUNC_TYPE: type }).signatureType.value).toBe(type.toLowerCase());
});
