import { expect, test } from 'vitest';
import { createClient, type SidecarCall } from '../../../src/keel/client.ts';
import { KeelError } from '../../../src/keel/keel-error.ts';
import { installedTransport, installTransport } from '../../../src/keel/process-transport.ts';
import { callPlugin } from '../../../src/keel/index.ts';

/** A client whose sidecar says the same to everything. */
function client(answer: unknown = { ret: 0, msg: 'ok' }, status = 200, running: string | null = 'a token') {
  const calls: SidecarCall[] = [];
  const send = async (call: SidecarCall) => {
    calls.push(call);
    return { status, body: Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)) };
  };
  return { calls, ...createClient({ send, token: () => running ?? undefined }) };
}

const ROUTER = '/v1.0/invoke/keel/method';

test('a plugin is called by way of the router, with the token of the running request', async () => {
  const { calls, callPlugin } = client({ ret: 0, msg: 'ok', data: 1 });
  expect(await callPlugin('acme-mail', '/a b/c', { query: { x: '1 &', y: 'ü' } })).toEqual({
    ret: 0,
    msg: 'ok',
    data: 1,
  });
  await callPlugin('acme-mail', 'send', { body: { a: 1 }, token: 'another', headers: { 'x-y': 'z' } });
  await callPlugin('acme-mail', 'bytes', { body: Buffer.from('raw'), verb: 'PUT' });
  expect(calls).toEqual([
    { method: 'GET', path: `${ROUTER}/acme-mail/a%20b/c?x=1+%26&y=%C3%BC`, headers: { authorization: 'a token' } },
    {
      method: 'POST',
      path: `${ROUTER}/acme-mail/send`,
      headers: { 'content-type': 'application/json', 'x-y': 'z', authorization: 'another' },
      body: '{"a":1}',
    },
    {
      method: 'PUT',
      path: `${ROUTER}/acme-mail/bytes`,
      headers: { 'content-type': 'application/octet-stream', authorization: 'a token' },
      body: Buffer.from('raw'),
    },
  ]);
});

test('an extension point is one segment, whatever its name', async () => {
  const { calls, callAddon } = client();
  await callAddon('before/send');
  expect(calls[0]?.path).toBe(`${ROUTER}/addons/before%2Fsend`);
});

test.each([
  ['../keel', 'x'],
  ['..', 'x'],
  ['', 'x'],
  ['acme', 'a/../../b'],
  ['acme', './b'],
  ['acme\\\\..', 'b'],
])('names lead nowhere else: %s %s', async (id, endpoint) => {
  const { calls, callPlugin } = client();
  await expect(callPlugin(id, endpoint)).rejects.toMatchObject({ code: 'OFN-KEEL-CALL', status: undefined });
  expect(calls).toEqual([]);
});

test.each<[string, unknown, number, object]>([
  ['another ret', { ret: -400, msg: 'no' }, 200, { ret: -400, msg: 'no', status: 200 }],
  ['a ret above 0', { ret: 1, msg: 'no' }, 200, { ret: 1 }],
  ['a ret without a message', { ret: 1 }, 200, { ret: 1, msg: undefined }],
  ['a ret that is a text', { ret: '0', msg: 'ok' }, 200, { ret: undefined }],
  ['no JSON', 'OK', 200, { ret: undefined, status: 200 }],
  ['nothing', '', 204, { status: 204 }],
  ['another status', { ret: 0, msg: 'ok' }, 202, { status: 202, ret: 0 }],
  ["the sidecar's own refusal", { errorCode: 'ERR_DIRECT_INVOKE', message: 'x' }, 500, { status: 500, ret: undefined }],
])('%s is a failure', async (_, answer, status, fields) => {
  const called = client(answer, status).callPlugin('acme-mail', 'x');
  await expect(called).rejects.toBeInstanceOf(KeelError);
  await expect(called).rejects.toMatchObject({ code: 'OFN-KEEL-CALL', ...fields });
});

test.each([null, ''])('without a token (%j) nothing is sent', async (token) => {
  const { calls, callPlugin, callAddon, identify, status } = client(undefined, 200, token);
  for (const called of [callPlugin('a', 'b'), callAddon('c'), identify('a'), status('a')]) {
    await expect(called).rejects.toMatchObject({ code: 'OFN-KEEL-TOKEN', status: undefined, ret: undefined });
  }
  expect(calls).toEqual([]);
});

test('identity and status are read, and their paths are those of the proposal', async () => {
  const { calls, identify, status } = client({ ret: 0, msg: 'ok', plugin_id: 'a', version: '1', status: 'STOPPED' });
  expect(await identify('a')).toMatchObject({ pluginId: 'a', version: '1' });
  expect(await status('a', { token: 't' })).toBe('STOPPED');
  expect(calls.map(({ method, path, headers }) => [method, path, headers['authorization']])).toEqual([
    ['GET', `${ROUTER}/a/v1/identify`, 'a token'],
    ['GET', `${ROUTER}/a/v1/status`, 't'],
  ]);
});

test('an identity or a status that is none is a failure', async () => {
  const { identify, status } = client({ ret: 0, msg: 'ok', status: 'active' });
  const code = 'OFN-KEEL-CALL';
  await expect(identify('a')).rejects.toMatchObject({
    code,
    message: expect.stringContaining('"plugin_id" is not a text'),
  });
  await expect(status('a')).rejects.toMatchObject({ code, message: expect.stringContaining('"active" is no status') });
});

test('a function that is no plugin is told what to set', async () => {
  expect(installedTransport).toThrow(expect.objectContaining({ code: 'OFN-CONFIG' }));
  await expect(callPlugin('a', 'b')).rejects.toMatchObject({ code: 'OFN-CONFIG' });
  const { calls } = client();
  installTransport({
    token: () => 't',
    send: async (call) => {
      calls.push(call);
      return { status: 200, body: Buffer.from('{"ret":0,"msg":"ok"}') };
    },
  });
  expect([await callPlugin('a', 'b'), calls.length]).toEqual([{ ret: 0, msg: 'ok' }, 1]);
});

test('a token may be a header, and is refused where none could be', async () => {
  const { calls, callPlugin } = client(undefined, 200, null);
  await callPlugin('acme-mail', 'send', { headers: { Authorization: 'given' } });
  expect(calls.map(({ headers }) => headers)).toEqual([{ authorization: 'given' }]);
  await expect(callPlugin('acme-mail', 'send', { token: 'a\nb' })).rejects.toMatchObject({ code: 'OFN-KEEL-TOKEN' });
});

test.each([
  ['another status', { ret: 0, msg: 'ok' }, 201, 'it answered status 201, ok'],
  ['a "ret" that is text', { ret: '0', msg: 'ok' }, 200, 'it has no "ret" that is a number'],
])('%s is a failure that says so', async (_, answer, status, why) => {
  await expect(client(answer, status).callPlugin('acme-mail', 'send')).rejects.toThrow(why);
});

test('a plugin that says it is another is not believed', async () => {
  const { identify } = client({ ret: 0, msg: 'ok', plugin_id: 'other', version: '1' });
  await expect(identify('acme-mail')).rejects.toThrow('it says that it is "other"');
});

test('nothing is called without an endpoint or a point', async () => {
  const { calls, callPlugin, callAddon } = client();
  await expect(callPlugin('acme-mail', '')).rejects.toMatchObject({ code: 'OFN-KEEL-CALL' });
  await expect(callAddon('')).rejects.toMatchObject({ code: 'OFN-KEEL-CALL' });
  expect(calls).toEqual([]);
});
