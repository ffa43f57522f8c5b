import { expect, test } from 'vitest';
import { readOptions } from '../../../src/framework/options.ts';
import { failureOf } from '../../support/failure.ts';

const read = (env: Record<string, string> = {}, flags: Record<string, string> = {}, defaults = {}) =>
  readOptions({ env, flags, cwd: '/app' }, defaults);

test('nothing said', () => {
  expect(read()).toEqual({
    port: 8080,
    target: 'function',
    signatureType: 'http',
    source: '/app',
    shutdownTimeout: 8000,
  });
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

test.each(['HTTP', 'Http'])('the signature type %s is http', (type) => {
  expect(read({ FUNCTION_SIGNATURE_TYPE: type }).signatureType).toBe('http');
});

test.each<[string, Record<string, string>]>([
  ['a port that is a word', { PORT: 'abc' }],
  ['a port that is too high', { PORT: '65536' }],
  ['an unknown signature type', { FUNCTION_SIGNATURE_TYPE: 'grpc' }],
  ['a signature type that is not served yet', { FUNCTION_SIGNATURE_TYPE: 'cloudevent' }],
  ['a negative timeout', { FUNC_SHUTDOWN_TIMEOUT: '-1' }],
])('%s is refused', async (_, env) => {
  expect(await failureOf(() => read(env))).toMatchSnapshot();
});
