import { expect, test } from 'vitest';
import { serve } from '../../../support/function-server.ts';
import type { Call } from '../../../support/http-call.ts';

const json = (body: string): Call => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body });

test('a value comes in, a value goes out', async () => {
  const { call } = await serve((message: unknown) => ({ payload: message }), 'typed');
  const { status, body, headers } = await call({ ...json('{"message":"hi"}'), path: '/anywhere' });
  expect([status, body, headers['content-type']]).toEqual([200, '{"payload":{"message":"hi"}}', 'application/json']);
});

test.each([
  ['"text"', '"text"'],
  ['42', '42'],
  ['null', 'null'],
  ['[1]', '[1]'],
])('the value %s is JSON too', async (body, answer) => {
  const { call } = await serve(async (value: unknown) => value, 'typed');
  expect((await call(json(body))).body).toBe(answer);
});

test('a request that is no JSON is refused and the function not called', async () => {
  let calls = 0;
  const { call, logged } = await serve(() => void (calls += 1), 'typed');
  const bad = await call(json('{bad'));
  expect(bad.status).toBe(400);
  expect(bad.headers['x-openfunction-status']).toBe('crash');
  expect(bad.body).toMatch(/^Failed to parse malformatted JSON in request: Expected property name/);
  const untyped = await call({ method: 'POST', headers: { 'content-type': 'image/png' }, body: '{}' });
  expect([untyped.status, untyped.body]).toEqual([400, 'Unsupported Content-Type, expected application/json']);
  expect((await call({ method: 'GET' })).status).toBe(404);
  expect([calls, logged.length]).toEqual([0, 2]);
});

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
  ],
  ['rejects', () => Promise.reject(new Error('boom'))],
])('a function that %s answers 500', async (_, handler) => {
  const { call } = await serve(handler, 'typed');
  const { status, body, headers } = await call(json('{}'));
  expect([status, body, headers['x-openfunction-status']]).toEqual([500, 'boom', 'crash']);
});

test('a format of its own', async () => {
  const format = {
    deserializeRequest: (request: { body(): unknown; header(name: string): string | undefined }) => [
      request.header('X-Unit'),
      String(request.body()).split(','),
    ],
    serializeResponse: (
      response: { setHeader(name: string, value: string): void; write(text: string): void; end(text: string): void },
      value: readonly unknown[],
    ) => {
      response.setHeader('content-type', 'text/csv');
      response.write(String(value[0]));
      response.end(`,${String(value[1])}`);
    },
  };
  const { call } = await serve({ handler: (value: unknown) => value, format }, 'typed');
  const { body, headers } = await call({
    method: 'POST',
    headers: { 'x-unit': 'm', 'content-type': 'text/csv' },
    body: '1,2',
  });
  expect([body, headers['content-type']]).toEqual(['m,1,2', 'text/csv']);
});
