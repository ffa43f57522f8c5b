import { expect, test } from 'vitest';
import { parseFlags } from '../../../src/framework/flags.ts';
import { OPTIONS, readOptions, renderHelp } from '../../../src/framework/options.ts';
import { failureOf } from '../../support/failure.ts';

const read = (env: Record<string, string> = {}, flags: Record<string, string> = {}, defaults = {}) =>
  readOptions({ env, flags, cwd: '/app' }, defaults);

test('nothing said', () => {
  expect(read()).toMatchSnapshot();
});

test('a flag wins over a variable, a variable over a default of the rendered main', () => {
  const defaults = { target: 'rendered', source: '/app/rendered.js', signatureType: 'http' };
  expect(read({}, {}, defaults)).toMatchObject({ target: 'rendered', source: '/app/rendered.js' });
  expect(read({ FUNCTION_TARGET: 'variable', FUNCTION_SOURCE: 'src' }, {}, defaults)).toMatchObject({
    target: 'variable',
    source: '/app/src',
  });
  expect(read({ PORT: '1' }, { port: '2', target: 'flag' }, defaults)).toMatchObject({ port: 2, target: 'flag' });
});

test.each([
  ['HTTP', 'http'],
  ['CloudEvent', 'cloudevent'],
  ['OpenFunction', 'openfunction'],
  ['event', 'event'],
  ['typed', 'typed'],
])('the signature type %s is %s', (type, expected) => {
  expect(read({ FUNCTION_SIGNATURE_TYPE: type }).signatureType).toBe(expected);
});

test.each([
  ['512', 512],
  ['100kb', 102_400],
  ['1.5MB', 1_572_864],
  ['1 gb', 2 ** 30],
])('a body limit of %s is %i bytes', (raw, bytes) => {
  expect(read({ FUNC_BODY_LIMIT: raw }).bodyLimit).toBe(bytes);
});

test('an empty variable counts as unset, but for IGNORED_ROUTES', () => {
  expect(read({ PORT: '', FUNCTION_TARGET: '', IGNORED_ROUTES: '' })).toEqual({ ...read(), ignoredRoutes: [] });
});

test('every option can be set by flag and by variable', () => {
  const all = Object.values(OPTIONS).flatMap(({ flag, variables }) => [flag].concat(variables));
  expect(new Set(all).size).toBe(all.length);
  expect(renderHelp()).toMatchSnapshot();
});

test('flags are read in both forms, and one alone is true', () => {
  expect(parseFlags(['--port=1', '--target', 'a', '--log-execution-id', '--unknown=x', 'rest'])).toMatchObject({
    port: '1',
    target: 'a',
    'log-execution-id': 'true',
  });
});

test.each<[string, Record<string, string>]>([
  ['a port that is a word', { PORT: 'abc' }],
  ['a port that is too high', { PORT: '65536' }],
  ['an unknown signature type', { FUNCTION_SIGNATURE_TYPE: 'grpc' }],
  ['plugins for APISIX', { FUNCTION_SIGNATURE_TYPE: 'apisix' }],
  ['a negative grace', { FUNC_SHUTDOWN_TIMEOUT: '-1' }],
  ['a timeout that is no number', { CLOUD_RUN_TIMEOUT_SECONDS: 'abc' }],
  ['a negative timeout', { CLOUD_RUN_TIMEOUT_SECONDS: '-1' }],
  ['a size that is none', { FUNC_BODY_LIMIT: 'big' }],
  ['a switch that is none', { LOG_EXECUTION_ID: 'maybe' }],
  ['a count that is none', { FUNC_MAX_CONCURRENCY: '-5' }],
  ['a path that is none', { FUNC_HEALTH_PATH: 'healthz' }],
])('%s is refused', async (_, env) => {
  expect(await failureOf(() => read(env))).toMatchSnapshot();
});
