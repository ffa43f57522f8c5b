import { expect, onTestFinished, test } from 'vitest';
import { DaprError } from '../../../../src/framework/dapr/answer.ts';
import { makeClient, type DaprClient } from '../../../../src/framework/dapr/client.ts';
import { connectSidecar } from '../../../../src/framework/dapr/sidecar.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';
import { startSidecar, type SidecarReply } from '../../../support/sidecar.ts';

async function start(reply: SidecarReply = {}) {
  const { env, calls } = await startSidecar(() => reply);
  const sidecar = connectSidecar(readPlatform(env));
  onTestFinished(() => sidecar.close());
  return { client: makeClient(sidecar), calls };
}

const EVENT = { specversion: '1.0', id: '1', source: 's', type: 't', data: 5 };
const TYPED = { ...EVENT, datacontenttype: 'application/json' };
/** Every character that means something in a URL. */
const NAME = 'a/b?c#d%e&f=é +';
const ESCAPED = 'a%2Fb%3Fc%23d%25e%26f%3D%C3%A9%20%2B';

test.each<[string, unknown, string, string | Buffer]>([
  ['a text', 'x', 'application/json', '"x"'],
  ['an empty text', '', 'application/json', '""'],
  ['a table', { a: 'é' }, 'application/json', '{"a":"é"}'],
  ['a list', [1], 'application/json', '[1]'],
  ['a number', 0, 'application/json', '0'],
  ['a boolean', false, 'application/json', 'false'],
  ['null', null, 'application/json', 'null'],
  ['nothing', undefined, 'application/json', 'null'],
  ['a function', () => 1, 'application/json', 'null'],
  ['a Buffer', Buffer.from([0, 255]), 'application/octet-stream', Buffer.from([0, 255])],
  ['bytes', new Uint8Array([7]), 'application/octet-stream', Buffer.from([7])],
  ['a CloudEvent', TYPED, 'application/cloudevents+json', JSON.stringify(TYPED)],
  ['a CloudEvent that names no type', EVENT, 'application/cloudevents+json', JSON.stringify(TYPED)],
])('publishing %s', async (_, payload, type, body) => {
  const { client, calls } = await start();
  await client.publish('ps', 't', payload);
  expect(calls).toMatchObject([{ method: 'POST', path: '/v1.0/publish/ps/t', headers: { 'content-type': type } }]);
  expect(calls[0]?.bytes).toEqual(Buffer.from(body));
});

test.each<[string, (client: DaprClient) => Promise<unknown>, string]>([
  ['publish', (client) => client.publish(NAME, NAME, 1), `POST /v1.0/publish/${ESCAPED}/${ESCAPED}`],
  ['invokeBinding', (client) => client.invokeBinding(NAME, 'get'), `POST /v1.0/bindings/${ESCAPED}`],
  ['invoke', (client) => client.invoke(NAME, 'm'), `POST /v1.0/invoke/${ESCAPED}/method/m`],
  ['getSecret', (client) => client.getSecret(NAME, NAME), `GET /v1.0/secrets/${ESCAPED}/${ESCAPED}`],
])('%s escapes names', async (_, act, line) => {
  const { client, calls } = await start();
  await act(client);
  expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([line]);
});

test.each<[string, (client: DaprClient) => Promise<unknown>]>([
  ['publish', (client) => client.publish('ps', 't', 1, { ttlInSeconds: '5', 'cloudevent.type': 'a b&c' })],
  ['getSecret', (client) => client.getSecret('s', 'k', { ttlInSeconds: '5', 'cloudevent.type': 'a b&c' })],
])('%s has metadata in the query', async (_, act) => {
  const { client, calls } = await start();
  await act(client);
  const query = [...new URL(calls[0]?.path ?? '', 'http://a').searchParams];
  expect(query).toEqual([
    ['metadata.ttlInSeconds', '5'],
    ['metadata.cloudevent.type', 'a b&c'],
  ]);
});

test.each<[string, unknown[], string]>([
  ['all of it', ['create', { a: 1 }, { key: 'v' }], '{"operation":"create","data":{"a":1},"metadata":{"key":"v"}}'],
  ['an operation alone', ['list'], '{"operation":"list","metadata":{}}'],
  ['text', ['create', 'x'], '{"operation":"create","data":"x","metadata":{}}'],
  ['bytes, in base64', ['create', Buffer.from('x')], '{"operation":"create","data":"eA==","metadata":{}}'],
])('a binding is sent %s', async (_, args, body) => {
  const { client, calls } = await start();
  await client.invokeBinding('b', ...(args as [string]));
  expect(calls).toMatchObject([{ path: '/v1.0/bindings/b', body, headers: { 'content-type': 'application/json' } }]);
});

const ANSWERS: [string, SidecarReply, unknown][] = [
  ['nothing', { status: 204 }, undefined],
  ['an empty body', { status: 200 }, undefined],
  ['JSON', { status: 200, body: '{"a":[1]}' }, { a: [1] }],
  ['falsy JSON', { status: 200, body: '0' }, 0],
  ['text', { status: 200, body: 'plain é' }, 'plain é'],
  ['bytes', { status: 200, body: Buffer.from([1, 255]) }, Buffer.from([1, 255])],
];

test.each(ANSWERS)('an answer that is %s', async (_, reply, value) => {
  const { client } = await start(reply);
  const answers = [client.invokeBinding('b', 'get'), client.invoke('app', 'm'), client.getSecret('s', 'k')];
  expect(await Promise.all(answers)).toEqual([value, value, value]);
});

test.each<[string, Parameters<DaprClient['invoke']>, object]>([
  ['no data', ['a', 'm'], { method: 'POST', path: '/v1.0/invoke/a/method/m', body: '' }],
  ['data', ['a', 'm', { b: 1 }], { body: '{"b":1}', headers: { 'content-type': 'application/json' } }],
  ['bytes', ['a', 'm', Buffer.from('x')], { body: 'x', headers: { 'content-type': 'application/octet-stream' } }],
  ['a verb', ['a', 'm', undefined, { verb: 'GET' }], { method: 'GET', body: '' }],
  [
    'headers',
    ['a', 'm', 'x', { headers: { 'Content-Type': 'text/x', 'X-A': 'b' } }],
    { headers: { 'content-type': 'text/x', 'x-a': 'b' } },
  ],
  ['a path', ['a', '/b/c d/é%2F?x=ö y'], { path: '/v1.0/invoke/a/method/b/c%20d/%C3%A9%2F?x=%C3%B6%20y' }],
])('an application is invoked with %s', async (_, args, expected) => {
  const { client, calls } = await start();
  await client.invoke(...args);
  expect(calls).toMatchObject([expected]);
});

test.each<[string, string, string, string]>([
  ['of Dapr', '{"errorCode":"ERR_X","message":"no x"}', 'ERR_X', '{"error":"ERR_X","error_msg":"no x","status":404}'],
  ['of old', '{"error":"ERR_X","error_msg":"no x"}', 'ERR_X', '{"error":"ERR_X","error_msg":"no x","status":404}'],
  ['in JSON', '{"detail":5}', 'UNKNOWN', JSON.stringify({ error: 'UNKNOWN', error_msg: '{"detail":5}', status: 404 })],
  ['in text', 'gone', 'UNKNOWN', '{"error":"UNKNOWN","error_msg":"gone","status":404}'],
  ['without words', '', 'UNKNOWN', '{"error":"UNKNOWN","error_msg":"","status":404}'],
])('a refusal %s', async (_, body, code, message) => {
  const { client } = await start({ status: 404, body });
  const error: unknown = await client.publish('ps', 't', 1).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DaprError);
  expect(error).toMatchObject({ name: 'DaprError', code, status: 404, message });
});

test('a request of your own is answered whatever the status', async () => {
  const { client, calls } = await start({ status: 409, body: 'x' });
  const { status, body } = await client.request({ method: 'PATCH', path: '/v1.0/y' });
  expect([status, body.toString(), calls[0]?.method]).toEqual([409, 'x', 'PATCH']);
});

test('what is no JSON is refused before anything is sent', async () => {
  const { client, calls } = await start();
  await expect(client.publish('ps', 't', 5n)).rejects.toThrow(TypeError);
  await expect(client.invokeBinding('b', 'create', { a: 5n })).rejects.toThrow(TypeError);
  expect(calls).toEqual([]);
});
