import { expect, test } from 'vitest';
import { hooksOf, type KeelHooks } from '../../../src/keel/hooks.ts';
import { createPlugin, type PluginRequest } from '../../../src/keel/plugin.ts';
import { readKeelSettings } from '../../../src/keel/settings.ts';
import type { Status } from '../../../src/keel/status.ts';

interface Setup {
  readonly env?: Record<string, string>;
  readonly hooks?: unknown;
  readonly status?: Status;
  readonly production?: boolean;
}

function plugin({ env = {}, hooks, status = 'ACTIVE', production = false }: Setup = {}) {
  const settings = readKeelSettings({ KEEL_PLUGIN_ID: 'acme-x', KEEL_ADDONS: '{"a": "A", "b": "B"}', ...env });
  if (settings === undefined) throw new Error('no plugin');
  const logged: string[] = [];
  const write = (line: string): void => void logged.push(line.split('\n')[0] ?? '');
  const log = { debug: write, info: write, warn: write, error: write };
  const { paths, answer } = createPlugin({
    settings,
    hooks: () => (hooks as KeelHooks) ?? {},
    status: () => status,
    production,
    log,
  });
  const ask = async (
    path: string,
    request: Partial<Omit<PluginRequest, 'body'>> & { readonly body?: unknown } = {},
  ) => {
    const { body, ...rest } = request;
    const bytes = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const method = body === undefined ? 'GET' : 'POST';
    const given = await answer({ method, path, headers: {}, problem: undefined, ...rest, body: bytes });
    return { ...given, body: JSON.parse(given.body) as unknown };
  };
  return { paths, ask, logged };
}

const said = (body: object, status = 200) => ({ status, headers: { 'content-type': 'application/json' }, body });
const ok = (fields: object = {}) => said({ ret: 0, msg: 'ok', ...fields });
const refused = (msg: string, status = 200, ret = -400) => said({ ret, msg }, status);
const wants = (...names: string[]) => ({
  plugin: { id: 'other', version: '1' },
  endpoint: names.map((name) => ({ addons_point: name, endpoint: '/x' })),
});

test('the dialect decides about the paths', () => {
  expect(plugin().paths).toEqual(['/v1/identify', '/v1/status', '/v1/addons/identify']);
  expect(plugin({ env: { KEEL_DIALECT: 'v0.1.0' } }).paths).toContain('/v1/tenant/bind');
});

test('who it is', async () => {
  const addons = [
    { endpoint: 'a', desc: 'A' },
    { endpoint: 'b', desc: 'B' },
  ];
  expect(await plugin().ask('/v1/identify')).toEqual(ok({ plugin_id: 'acme-x', version: '1.0', addons }));
});

test('the header Authorization comes back as it was, whatever the answer', async () => {
  const { ask } = plugin();
  for (const [path, method] of [
    ['/v1/identify', 'GET'],
    ['/v1/identify', 'POST'],
    ['/v1/addons/identify', 'POST'],
  ] as const) {
    const { headers } = await ask(path, { method, headers: { authorization: 'a token' } });
    expect(headers).toMatchObject({ authorization: 'a token', 'content-type': 'application/json' });
  }
});

test.each<[string, string]>([
  ['HEAD', '/v1/identify'],
  ['POST', '/v1/status'],
  ['PUT', '/v1/addons/identify'],
])('%s %s is not allowed', async (method, path) => {
  const { status, headers, body } = await plugin().ask(path, { method, body: {} });
  const allow = path === '/v1/addons/identify' ? 'POST' : 'GET';
  expect([status, headers['allow'], body]).toEqual([405, allow, { ret: -400, msg: `the method is ${allow}` }]);
});

test('bodies that are none', async () => {
  const { ask } = plugin();
  const path = '/v1/addons/identify';
  expect(await ask(path, { method: 'POST' })).toEqual(refused('content cannot be empty', 400));
  expect(await ask(path, { body: '' })).toEqual(refused('content cannot be empty', 400));
  expect(await ask(path, { body: '{' })).toEqual(refused('the body is no JSON', 500));
  const problem = { status: 413, message: 'request entity too large' };
  expect(await ask(path, { method: 'POST', problem })).toEqual(refused('request entity too large', 413));
});

test.each<[string, object, ReturnType<typeof said>]>([
  ['all points are there', wants('a', 'b'), ok()],
  ['one point twice', wants('a', 'a'), ok()],
  ['the word of the proposal', { ...wants(), endpoint: [{ addons: 'b', endpoint: 'x' }] }, ok()],
  ['an unknown point', wants('a', 'c', 'A', '/a'), refused('unknown extension points: c, A, /a')],
  ['no points', wants(), refused('"endpoint" is empty')],
  ['no plugin', { endpoint: [] }, refused('"plugin" is not a table')],
  ['no list', { plugin: { id: 'x' } }, refused('the endpoints are not a list')],
  [
    'a version that is a number',
    { ...wants('a'), plugin: { id: 'x', version: 1 } },
    refused('"plugin.version" is not a text'),
  ],
])('addons/identify: %s', async (_, body, answer) => {
  expect(await plugin().ask('/v1/addons/identify', { body })).toEqual(answer);
});

test('who offers nothing says so, whatever is sent', async () => {
  const { ask } = plugin({ env: { KEEL_ADDONS: '{}' } });
  expect(await ask('/v1/addons/identify', { body: [] })).toEqual(refused('no extension point'));
});

test.each<[string, unknown, ReturnType<typeof said>]>([
  ['nothing', undefined, ok()],
  ['a refusal', { ret: -3, msg: 'not you' }, said({ ret: -3, msg: 'not you' })],
  ['a refusal without a word', { ret: 1 }, said({ ret: 1, msg: 'refused' })],
  ['consent', { ret: 0 }, ok()],
])('a hook has its say about extensions: %s', async (_, returned, answer) => {
  const asked: unknown[] = [];
  const hooks: KeelHooks = {
    addonsIdentify: (request) => {
      asked.push(request);
      return returned as undefined;
    },
  };
  const { ask } = plugin({ hooks });
  expect(await ask('/v1/addons/identify', { body: wants('a') })).toEqual(answer);
  expect(asked).toEqual([{ plugin: { id: 'other', version: '1' }, endpoints: [{ addon: 'a', endpoint: '/x' }] }]);
  await ask('/v1/addons/identify', { body: wants('c') });
  expect(asked).toHaveLength(1);
});

test('a hook says what the settings do not, and is asked for the points as well', async () => {
  const { ask } = plugin({ hooks: { identify: async () => ({ version: '2', addons: { z: 'Z' }, mainPlugins: [] }) } });
  const addons = [{ endpoint: 'z', desc: 'Z' }];
  expect(await ask('/v1/identify')).toEqual(ok({ plugin_id: 'acme-x', version: '2', addons }));
  expect(await ask('/v1/addons/identify', { body: wants('z') })).toEqual(ok());
});

test.each(['STARTING', 'STOPPING', 'FAILED'] as const)(
  'a process that is %s says so, whatever a hook says',
  async (status) => {
    expect(await plugin({ status, hooks: { status: () => 'ACTIVE' } }).ask('/v1/status')).toEqual(ok({ status }));
  },
);

test('a hook has its say about an active process', async () => {
  expect(await plugin().ask('/v1/status')).toEqual(ok({ status: 'ACTIVE' }));
  expect(await plugin({ hooks: { status: async () => 'FAILED' } }).ask('/v1/status')).toEqual(ok({ status: 'FAILED' }));
});

test('a tenant is bound in the dialect of tkeel', async () => {
  const bound: unknown[] = [];
  const hooks = { tenantBind: (request: unknown) => void bound.push(request) };
  const { ask } = plugin({ env: { KEEL_DIALECT: 'v0.1.0' }, hooks });
  expect(await ask('/v1/tenant/bind', { body: { tenant_id: 't', extra: 'aGk=' } })).toEqual(ok());
  expect(await ask('/v1/tenant/bind', { body: { tenant_id: 't' } })).toEqual(ok());
  expect(bound).toEqual([
    { tenantId: 't', extra: Buffer.from('hi') },
    { tenantId: 't', extra: undefined },
  ]);
  expect(await ask('/v1/tenant/bind', { body: {} })).toEqual(refused('"tenant_id" is not a text'));
  expect(await ask('/v1/tenant/bind', { body: { tenant_id: 't', extra: '%' } })).toEqual(
    refused('"extra" is not base64'),
  );
  expect(
    await plugin({ env: { KEEL_DIALECT: 'v0.1.0' } }).ask('/v1/tenant/bind', { body: { tenant_id: 't' } }),
  ).toEqual(ok());
});

test.each<[string, object, string, string]>([
  ['another id', { identify: () => ({ pluginId: 'y' }) }, '/v1/identify', '"pluginId" is not its to say'],
  ['no identity', { identify: () => 'x' }, '/v1/identify', 'what it returned is not a table'],
  ['a wrong version', { identify: () => ({ version: '' }) }, '/v1/identify', '"version" is not a text'],
  ['STOPPED', { status: () => 'STOPPED' }, '/v1/status', 'it returned none of STARTING, ACTIVE, STOPPING, FAILED'],
])('a hook that says %s fails', async (_, hooks, path, why) => {
  const { ask, logged } = plugin({ hooks });
  const name = Object.keys(hooks)[0];
  const msg = `Couldn't use what "${name}" of the export "keel" returned: ${why}.`;
  expect(await ask(path)).toEqual(refused(msg, 500, -500));
  expect(logged).toEqual([expect.stringContaining(why)]);
});

test.each([
  [{ ret: '0' }, '"ret" is no whole number'],
  [{ msg: 'no' }, '"ret" is no whole number'],
  [false, 'what it returned is not a table'],
])('an outcome that is %j fails', async (returned, why) => {
  const { ask } = plugin({ hooks: { addonsIdentify: () => returned } });
  const { status, body } = await ask('/v1/addons/identify', { body: wants('a') });
  expect([status, body]).toEqual([500, { ret: -500, msg: expect.stringContaining(why) }]);
});

test('what a hook throws is told to the log, and to others outside of production alone', async () => {
  const hooks = {
    status: () => {
      throw new Error('a secret');
    },
  };
  const { ask, logged } = plugin({ hooks, production: true });
  expect(await ask('/v1/status')).toEqual(refused('internal error', 500, -500));
  expect(logged).toEqual(['Error: a secret']);
  expect((await plugin({ hooks }).ask('/v1/status')).body).toEqual({ ret: -500, msg: 'a secret' });
});

test('the export is looked at before it is used', () => {
  expect(hooksOf(undefined)).toEqual({});
  expect(hooksOf(() => {})).toEqual({});
  const refusal = { code: 'OFN-KEEL-HOOK' };
  expect(() => hooksOf({ addonIdentify: () => {} })).toThrow(expect.objectContaining(refusal));
  expect(() => hooksOf({ status: 'ACTIVE' })).toThrow(expect.objectContaining(refusal));
});
