import { expect, test } from 'vitest';
import { endpointOf, isStandalone, PLATFORM_SETTINGS, readPlatform } from '../../../src/framework/platform.ts';
import { failureOf } from '../../support/failure.ts';

test('what counts when nobody sets anything', () => {
  expect(readPlatform({})).toEqual({
    host: undefined,
    httpPort: '3500',
    grpcPort: '50001',
    httpEndpoint: undefined,
    apiToken: undefined,
    appToken: undefined,
    patience: 60_000,
    answerTimeout: 60_000,
    onError: 'RETRY',
    podName: '',
    podNamespace: '',
    mode: 'kubernetes',
  });
});

test.each([
  ['DAPR_HOST', 'sidecar.svc', { host: 'sidecar.svc' }],
  ['DAPR_HTTP_PORT', '3501', { httpPort: '3501' }],
  ['DAPR_GRPC_PORT', '50002', { grpcPort: '50002' }],
  ['DAPR_HTTP_ENDPOINT', 'https://dapr.example', { httpEndpoint: 'https://dapr.example' }],
  ['DAPR_API_TOKEN', 'secret', { apiToken: 'secret' }],
  ['APP_API_TOKEN', 'secret', { appToken: 'secret' }],
  ['DAPR_HEALTH_TIMEOUT', '1.5', { patience: 1500 }],
  ['DAPR_HEALTH_TIMEOUT', '0', { patience: 0 }],
  ['OPENFUNCTION_PUBSUB_ON_ERROR', 'drop', { onError: 'DROP' }],
  ['OPENFUNCTION_PUBSUB_ON_ERROR', 'Retry', { onError: 'RETRY' }],
  ['POD_NAME', 'pod-1', { podName: 'pod-1' }],
  ['POD_NAMESPACE', 'ns', { podNamespace: 'ns' }],
  ['CONTEXT_MODE', 'self-host', { mode: 'self-host' }],
  ['CONTEXT_MODE', 'anything else', { mode: 'kubernetes' }],
])('%s=%s', (variable, value, expected) => {
  expect(readPlatform({ [variable]: value })).toMatchObject(expected);
});

test('an empty variable counts as none', () => {
  const variables = Object.values(PLATFORM_SETTINGS).flatMap((row) => row.variables);
  const empty = Object.fromEntries(variables.map((name) => [name, '']));
  expect(readPlatform(empty)).toEqual(readPlatform({}));
});

test.each([
  ['DAPR_HOST', 'not a host'],
  ['DAPR_HOST', 'host/path'],
  ['DAPR_HOST', 'host:3500'],
  ['DAPR_HTTP_PORT', 'http'],
  ['DAPR_HTTP_PORT', '65536'],
  ['DAPR_HTTP_PORT', '0'],
  ['DAPR_GRPC_PORT', '-1'],
  ['DAPR_HTTP_ENDPOINT', 'dapr.example:3500'],
  ['DAPR_HTTP_ENDPOINT', 'ftp://dapr.example'],
  ['DAPR_HEALTH_TIMEOUT', 'soon'],
  ['DAPR_HEALTH_TIMEOUT', '-1'],
  ['DAPR_HEALTH_TIMEOUT', '3601'],
  ['OPENFUNCTION_PUBSUB_ON_ERROR', 'ignore'],
])('%s=%s is refused', async (variable, value) => {
  expect(await failureOf(() => readPlatform({ [variable]: value }))).toMatchSnapshot();
});

test.each<[string, Record<string, string>, string]>([
  ['nothing', {}, 'http://127.0.0.1:3500'],
  ['a host', { DAPR_HOST: 'proxy' }, 'http://proxy:3500'],
  ['a port', { DAPR_HTTP_PORT: '3600' }, 'http://127.0.0.1:3600'],
  ['both', { DAPR_HOST: 'proxy', DAPR_HTTP_PORT: '3600' }, 'http://proxy:3600'],
  ['an address of IPv6', { DAPR_HOST: '::1' }, 'http://[::1]:3500'],
  ['an address of IPv6 in brackets', { DAPR_HOST: '[fd00::1]' }, 'http://[fd00::1]:3500'],
  ['a host with a scheme', { DAPR_HOST: 'http://proxy' }, 'http://proxy:3500'],
  ['a host behind TLS', { DAPR_HOST: 'https://proxy', DAPR_HTTP_PORT: '443' }, 'https://proxy'],
  ['an endpoint', { DAPR_HTTP_ENDPOINT: 'https://dapr.example' }, 'https://dapr.example'],
  ['an endpoint and a host', { DAPR_HTTP_ENDPOINT: 'https://dapr.example', DAPR_HOST: 'proxy' }, 'http://proxy:3500'],
  [
    'an endpoint and a port',
    { DAPR_HTTP_ENDPOINT: 'https://dapr.example', DAPR_HTTP_PORT: '3600' },
    'http://127.0.0.1:3600',
  ],
])('the sidecar of %s', (_, env, origin) => {
  expect(endpointOf(readPlatform(env)).origin).toBe(origin);
});

test.each([
  [{}, false],
  [{ DAPR_HOST: '127.0.0.1' }, false],
  [{ DAPR_HOST: 'localhost' }, false],
  [{ DAPR_HOST: '::1' }, false],
  [{ DAPR_HOST: '[::1]' }, false],
  [{ DAPR_HOST: 'http://127.0.0.1' }, false],
  [{ DAPR_HTTP_ENDPOINT: 'https://dapr.example' }, false],
  [{ DAPR_HOST: 'fn-ns-dapr.ns.svc.cluster.local' }, true],
])('whether %j means the proxy of another machine: %s', (env, expected) => {
  expect(isStandalone(readPlatform(env))).toBe(expected);
});
