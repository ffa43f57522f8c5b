import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cloudEvent, http, openfunction, typed } from '../../../src/framework/index.ts';
import { getFunction, getTestServer } from '../../../src/framework/testing.ts';
import { makeClient } from '../../support/http-call.ts';

async function clientOf(name: string) {
  const server = getTestServer(name).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return makeClient((server.address() as AddressInfo).port);
}

test('declared functions are found by name', () => {
  const handler = (): void => {};
  http('found', handler);
  expect([getFunction('found'), getFunction('lost')]).toEqual([handler, undefined]);
});

test('a test server for each signature', async () => {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
  http('h', (req, res) => res.send(req.path));
  cloudEvent('c', (event) => event);
  typed('t', (value: unknown) => ({ value }));
  openfunction('o', (ctx, data: unknown) => ({ name: ctx.name, data }));
  expect((await (await clientOf('h'))('/x')).body).toBe('/x');
  expect((await (await clientOf('h'))('/favicon.ico')).status).toBe(404);
  expect((await (await clientOf('c'))(json)).body).toBe('{"a":1}');
  expect((await (await clientOf('t'))(json)).body).toBe('{"value":{"a":1}}');
  expect((await (await clientOf('o'))(json)).body).toBe('{"name":"o","data":{"a":1}}');
});

test('a name that nobody declared', () => {
  expect(() => getTestServer('nobody')).toThrow(
    'The provided function "nobody" was not registered. Did you forget to require the module that defined it?',
  );
});
