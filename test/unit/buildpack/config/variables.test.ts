import { expect, test } from 'vitest';
import { collectVariables } from '../../../../src/buildpack/config/variables.ts';
import { failureOf } from '../../../support/failure.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const described = (name: string, value: string, ...execEnv: readonly string[]) => ({
  name,
  value,
  execEnv: execEnv.length === 0 ? undefined : execEnv,
});

test('FUNC_ENV_B64URL wins over the platform, and the platform over project.toml', () => {
  const env = {
    A: 'platform',
    B: 'platform',
    FUNC_ENV_B64URL: encode({ A: 'it=is "as"\n#written', E: '', N: 1, T: true }),
  };
  const variables = collectVariables(env, [described('B', 'file'), described('C', 'file')]);
  expect(variables.env).toMatchObject({
    A: 'it=is "as"\n#written',
    B: 'platform',
    C: 'file',
    E: '',
    N: '1',
    T: 'true',
  });
  expect(['A', 'B', 'C', 'D'].map((name) => variables.sourceOf(name))).toEqual([
    'A in FUNC_ENV_B64URL',
    'B',
    'C in project.toml',
    'D',
  ]);
  expect(variables.env).not.toHaveProperty('FUNC_ENV_B64URL');
});

test('variables of project.toml that are for another execution environment are left out', () => {
  const file = [
    described('A', 'both'),
    described('A', 'tests', 'test'),
    described('B', 'b', 'production', 'development'),
  ];
  expect(collectVariables({}, file).env).toEqual({ A: 'both', B: 'b' });
  expect(collectVariables({ BP_ENV: 'test' }, file).env).toEqual({ A: 'tests', BP_ENV: 'test' });
  expect(collectVariables({ CNB_EXEC_ENV: 'development' }, file).env).toMatchObject({ A: 'both', B: 'b' });
  expect(collectVariables({ CNB_EXEC_ENV: 'production', BP_ENV: 'test' }, file).env).toMatchObject({ A: 'tests' });
});

const NAMES = { variables: ['A', 'B'] };

test.each([
  ['FUNC_ENV_B64URL before the platform', { A: 'one', FUNC_ENV_B64URL: encode({ B: 'two' }) }, [], 'B'],
  ['FUNC_ENV_B64URL before project.toml', { FUNC_ENV_B64URL: encode({ B: 'two' }) }, [described('A', 'one')], 'B'],
  ['the platform before project.toml', { B: 'two' }, [described('A', 'one')], 'B'],
  [
    "the platform before project.toml, whose variables pack made the platform's",
    { A: 'one', B: 'two' },
    [described('A', 'one')],
    'B',
  ],
  ['the first name of one place', { A: 'one', B: 'two' }, [], 'A'],
  ['a name with a text before an empty one', { B: 'two', FUNC_ENV_B64URL: encode({ A: '' }) }, [], 'B'],
  ['nothing', { A: '' }, [], undefined],
])('of two variables of one setting the place decides, then the name: %s', (_, env, file, name) => {
  expect(collectVariables(env, file).deciding(NAMES)).toBe(name);
});

test('an empty text decides where it counts', () => {
  expect(collectVariables({ A: '', B: 'two' }).deciding({ ...NAMES, emptyCounts: true })).toBe('A');
});

test('the execution environment is that of the first place too', () => {
  const file = [described('A', 'tests', 'test')];
  const env = { CNB_EXEC_ENV: 'production', FUNC_ENV_B64URL: encode({ BP_ENV: 'test' }) };
  expect(collectVariables(env, file).env).toMatchObject({ A: 'tests' });
});

test('project.toml can hold FUNC_ENV_B64URL too', () => {
  expect(collectVariables({}, [described('FUNC_ENV_B64URL', encode({ A: '1' }))]).env).toEqual({ A: '1' });
});

test.each([
  ['quotes', '"eyJ9"'],
  ['a text that was cut', encode({ FUNC_NAME: 'hello' }).slice(0, -4)],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff]).toString('base64url')],
  ['a list', encode(['a'])],
  ['a table in it', encode({ A: { b: 1 } })],
  ['a variable of the lifecycle', encode({ CNB_LAYERS_DIR: '/' })],
  ['a variable of the machine', encode({ PATH: '/nowhere' })],
  ['itself', encode({ FUNC_ENV_B64URL: '' })],
  ['a name with a blank', encode({ 'A B': '' })],
  ['too much', 'a'.repeat(128 * 1024 + 1)],
])('%s is refused, and the text never shown', async (_, encoded) => {
  expect(await failureOf(() => collectVariables({ FUNC_ENV_B64URL: encoded }))).toMatchSnapshot();
});

test('an execution environment that nobody knows is refused', async () => {
  expect(await failureOf(() => collectVariables({ BP_ENV: 'staging' }))).toMatchSnapshot();
});
