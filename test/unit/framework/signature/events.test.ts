import { expect, test } from 'vitest';
import type { CloudEvent } from '../../../../src/framework/functions.ts';
import { serve } from '../../../support/function-server.ts';
import type { Call } from '../../../support/http-call.ts';

const CE = { 'ce-id': '1', 'ce-source': '//s/a', 'ce-type': 'example.made', 'ce-specversion': '1.0' };
const EVENT = { id: '1', source: '//s/a', type: 'example.made', specversion: '1.0' };

const binary = (type: string | undefined, body: string | Buffer, headers: Record<string, string> = {}): Call => ({
  method: 'POST',
  headers: { ...CE, ...(type === undefined ? {} : { 'content-type': type }), ...headers },
  body,
});
const post = (type: string, body: unknown, headers: Record<string, string> = {}): Call => ({
  method: 'POST',
  headers: { 'content-type': type, ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const STRUCTURED = 'application/cloudevents+json';

/** The event that a function is called with; bytes become `{ bytes }`. */
async function received(call: Call, env: Record<string, string> = {}): Promise<unknown> {
  let seen: unknown = 'not called';
  const { call: send } = await serve((event: unknown) => void (seen = event), 'cloudevent', { env });
  const { status, body } = await send(call);
  return status === 204 ? showBytes(seen) : { status, body, seen };
}

function showBytes(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || !('data' in event) || !Buffer.isBuffer(event.data)) return event;
  return { ...event, data: { bytes: event.data.toString() } };
}

test.each<[string, Call, unknown]>([
  ['binary JSON', binary('application/json', '{"a":1}'), { ...EVENT, data: { a: 1 } }],
  ['binary JSON that is a text', binary('application/json', '"text"'), { ...EVENT, data: 'text' }],
  ['binary JSON that is a number', binary('application/json', '42'), { ...EVENT, data: 42 }],
  ['binary JSON of a type of its own', binary('application/x+json', '{"a":1}'), { ...EVENT, data: { a: 1 } }],
  ['binary text', binary('text/plain', 'text'), { ...EVENT, data: 'text' }],
  ['binary bytes', binary('application/octet-stream', 'x'), { ...EVENT, data: { bytes: 'x' } }],
  ['binary without content type', binary(undefined, 'x'), { ...EVENT, data: { bytes: 'x' } }],
  ['extensions', binary('text/plain', 'x', { 'ce-myext': 'y' }), { ...EVENT, myext: 'y', data: 'x' }],
  [
    'escaped attributes',
    binary('text/plain', 'x', { 'ce-subject': 'Euro%20%E2%82%AC%20%F0%9F%98%80' }),
    { ...EVENT, subject: 'Euro € 😀', data: 'x' },
  ],
  ['broken escapes', binary('text/plain', 'x', { 'ce-subject': '100%' }), { ...EVENT, subject: '100%', data: 'x' }],
  ['structured', post(STRUCTURED, { ...EVENT, data: { a: 1 } }), { ...EVENT, data: { a: 1 } }],
  ['structured without data', post(STRUCTURED, EVENT), EVENT],
  ['structured with null', post(STRUCTURED, { ...EVENT, data: null }), { ...EVENT, data: null }],
  ['structured with a charset', post(`${STRUCTURED}; charset=UTF-8`, EVENT), EVENT],
  [
    'structured with base64',
    post(STRUCTURED, { ...EVENT, data_base64: 'eA==' }),
    { ...EVENT, data_base64: 'eA==', data: { bytes: 'x' } },
  ],
  ['version 0.3', post(STRUCTURED, { ...EVENT, specversion: '0.3' }), { ...EVENT, specversion: '0.3' }],
  [
    'trace context, binary',
    binary('text/plain', 'x', { traceparent: '00-a-b-01' }),
    { ...EVENT, traceparent: '00-a-b-01', data: 'x' },
  ],
  [
    'trace context, structured',
    post(STRUCTURED, EVENT, { traceparent: '00-a-b-01' }),
    { ...EVENT, traceparent: '00-a-b-01' },
  ],
  ['JSON that is no event', post('application/json', { no: 'event' }), { no: 'event' }],
])('%s', async (_, call, event) => {
  expect(await received(call)).toEqual(event);
});

test.each<[string, Call]>([
  ['an event without id', post(STRUCTURED, { source: 'a', type: 'b', specversion: '1.0' })],
  ['no event at all', post('application/json', { no: 'event' })],
])('%s is refused when asked for, and the function not called', async (_, call) => {
  expect(await received(call, { FUNC_CLOUDEVENT_STRICT: '1' })).toMatchObject({ status: 400, seen: 'not called' });
});

test('strictly, binary events tell their content type', async () => {
  const event = await received(binary('text/plain', 'x'), { FUNC_CLOUDEVENT_STRICT: '1' });
  expect(event).toEqual({ ...EVENT, datacontenttype: 'text/plain', data: 'x' });
});

const batch = (events: unknown): Call => post('application/cloudevents-batch+json', events);

test('a batch calls the function once for each event', async () => {
  const seen: string[] = [];
  const { call } = await serve(async (event: CloudEvent) => void seen.push(event.id), 'cloudevent');
  const ids = Array.from({ length: 40 }, (_, index) => String(index));
  expect((await call(batch(ids.map((id) => ({ ...EVENT, id }))))).status).toBe(204);
  expect(seen.toSorted()).toEqual(ids.toSorted());
});

test('a batch of which some fail names them, and the others are handled', async () => {
  const seen: string[] = [];
  const handler = ({ id }: CloudEvent): void => {
    if (id === 'b') throw new Error('boom');
    seen.push(id);
  };
  const { call, logged } = await serve(handler, 'cloudevent');
  const answer = await call(
    batch([
      { ...EVENT, id: 'a' },
      { ...EVENT, id: 'b' },
      { ...EVENT, id: 'c' },
    ]),
  );
  expect([answer.status, answer.body, answer.headers['x-openfunction-status']]).toEqual([
    500,
    'Failed events: b',
    'error',
  ]);
  expect([seen, logged]).toEqual([['a', 'c'], ['Error: boom']]);
});

test.each([
  ['no JSON', '{', 'The batch is not JSON'],
  ['no list', '{}', 'The batch is not a JSON array.'],
  ['a list of texts', '["a"]', 'Event 0 of the batch is not a JSON object.'],
])('a batch that is %s is refused', async (_, body, text) => {
  const { call } = await serve(() => {}, 'cloudevent');
  const answer = await call(batch(body));
  expect([answer.status, answer.body.startsWith(text)]).toEqual([400, true]);
});

test.each<[string, unknown, unknown]>([
  ['undefined', undefined, [204, '', undefined]],
  ['null', null, [204, '', undefined]],
  ['a text', 'text', [200, 'text', 'text/html; charset=utf-8']],
  ['a table', { a: 1 }, [200, '{"a":1}', 'application/json; charset=utf-8']],
  ['a list', [1], [200, '[1]', 'application/json; charset=utf-8']],
  ['a number', 201, [200, '201', 'application/json; charset=utf-8']],
  ['true', true, [200, 'true', 'application/json; charset=utf-8']],
  ['bytes', Buffer.from('x'), [200, 'x', 'application/octet-stream']],
])('a function that returns %s', async (_, value, answer) => {
  const { call } = await serve(async () => value, 'cloudevent');
  const { status, body, headers } = await call(binary('text/plain', 'x'));
  expect([status, body, headers['content-type']]).toEqual(answer);
});

test('what can not be written as JSON is logged, and the call has succeeded', async () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  for (const value of [circular, 1n]) {
    const { call, logged } = await serve(() => value, 'cloudevent');
    expect((await call(binary('text/plain', 'x'))).status).toBe(204);
    expect(logged[0]).toMatch(/^Error serializing return value: TypeError/);
  }
});

test('a CloudEvent that is returned goes out in binary mode', async () => {
  const reply = { ...EVENT, id: 'r', subject: 'ü "%', count: 5, time: '2026-01-01T00:00:00Z', data: { b: 2 } };
  const { call } = await serve(() => reply, 'cloudevent');
  const { status, headers, body } = await call(binary('text/plain', 'x'));
  expect({ status, body, type: headers['content-type'] }).toEqual({
    status: 200,
    body: '{"b":2}',
    type: 'application/json',
  });
  expect(headers).toMatchObject({
    'ce-id': 'r',
    'ce-subject': '%C3%BC%20%22%25',
    'ce-count': '5',
    'ce-specversion': '1.0',
  });
});

test.each([
  [{ ...EVENT, datacontenttype: 'text/plain', data: 'x' }, 'text/plain', 'x'],
  [{ ...EVENT, data_base64: 'eA==' }, 'application/octet-stream', 'x'],
  [{ ...EVENT, data: 'x' }, 'application/json', '"x"'],
  [EVENT, undefined, ''],
])('the reply %j is sent as %s', async (reply, type, text) => {
  const { call } = await serve(() => reply, 'cloudevent');
  const { headers, body } = await call(binary('text/plain', 'x'));
  expect([headers['content-type'], body]).toEqual([type, text]);
});

type Callback = (error?: unknown, result?: unknown) => void;

test('callbacks: a result, an error, and one call too many', async () => {
  const handler = (event: CloudEvent, callback: Callback): void => {
    if (event.data === 'bad') callback(new Error('boom'));
    else callback(null, { ok: true });
    if (event.data === 'twice') callback(null, 'again');
  };
  const { call, logged } = await serve(handler, 'cloudevent');
  expect((await call(binary('text/plain', 'good'))).body).toBe('{"ok":true}');
  const bad = await call(binary('text/plain', 'bad'));
  expect([bad.status, bad.body, bad.headers['x-openfunction-status']]).toEqual([500, 'boom', 'error']);
  expect((await call(binary('text/plain', 'twice'))).body).toBe('{"ok":true}');
  expect(logged).toEqual(['Error: boom', 'Ignoring extra callback call']);
});

test.each([[false], [0], ['']])('a callback with %j has no error', async (error) => {
  const { call } = await serve((_event: unknown, callback: Callback) => callback(error, 'fine'), 'cloudevent');
  expect(await call(binary('text/plain', 'x'))).toMatchObject({ status: 200, body: 'fine' });
});

test('an error that is returned fails the call', async () => {
  const { call } = await serve(() => new Error('boom'), 'cloudevent');
  expect(await call(binary('text/plain', 'x'))).toMatchObject({ status: 500, body: 'boom' });
});

test('events come by POST alone; OPTIONS says so and answers the handshake of webhooks', async () => {
  let calls = 0;
  const { call } = await serve(() => void (calls += 1), 'cloudevent');
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) expect((await call({ method })).status).toBe(404);
  expect((await call('/x?y')).body).toContain('Cannot GET /x');
  const options = await call({ method: 'OPTIONS' });
  expect([options.status, options.body, options.headers.allow]).toEqual([200, 'POST', 'POST']);
  const handshake = await call({ method: 'OPTIONS', headers: { 'webhook-request-origin': 'events.example.com' } });
  expect(handshake.headers).toMatchObject({
    'webhook-allowed-origin': 'events.example.com',
    'webhook-allowed-rate': '*',
  });
  expect(calls).toBe(0);
  expect((await call({ method: 'POST', path: '/favicon.ico' })).status).toBe(204);
});

/** The arguments that a legacy event function is called with. */
async function legacy(call: Call): Promise<unknown> {
  let seen: unknown = 'not called';
  const { call: send } = await serve((data: unknown, context: unknown) => void (seen = { data, context }), 'event');
  const { status, body } = await send(call);
  return status === 204 ? seen : { status, body, seen };
}

const CONTEXT = { eventId: '1', timestamp: 't', eventType: 'google.pubsub.topic.publish', resource: 'r' };

test.each<[string, Call, unknown]>([
  [
    'context and data',
    post('application/json', { context: CONTEXT, data: { a: 1 } }),
    { data: { a: 1 }, context: CONTEXT },
  ],
  ['an old event', post('application/json', { ...CONTEXT, data: { a: 1 } }), { data: { a: 1 }, context: CONTEXT }],
  ['a structured CloudEvent', post(STRUCTURED, { ...EVENT, data: { a: 1 } }), { data: { a: 1 }, context: EVENT }],
  ['a binary CloudEvent', binary('application/json', '{"a":1}'), { data: { a: 1 }, context: EVENT }],
  [
    'a raw push',
    {
      ...post('application/json', {
        subscription: 's',
        message: { data: 'eA==', messageId: '7', publishTime: 'p', attributes: { k: 'v' } },
      }),
      path: '/projects/P/topics/T?x',
    },
    {
      context: {
        eventId: '7',
        timestamp: 'p',
        eventType: 'google.pubsub.topic.publish',
        resource: {
          service: 'pubsub.googleapis.com',
          type: 'type.googleapis.com/google.pubsub.v1.PubsubMessage',
          name: 'projects/P/topics/T',
        },
      },
      data: {
        '@type': 'type.googleapis.com/google.pubsub.v1.PubsubMessage',
        data: 'eA==',
        attributes: { k: 'v' },
      },
    },
  ],
])('a legacy function gets %s', async (_, call, seen) => {
  expect(await legacy(call)).toEqual(seen);
});

test('a raw push to a path without topic is served with a warning', async () => {
  const body = { subscription: 's', message: { data: 'eA==', messageId: '7' } };
  const { call, logged } = await serve(
    (_data: unknown, context: { resource: { name: null } }) => context.resource,
    'event',
  );
  expect(JSON.parse((await call(post('application/json', body))).body)).toMatchObject({ name: null });
  expect(logged[0]).toContain('Failed to extract the topic name');
});

test('a legacy function with three arguments calls back', async () => {
  const { call } = await serve((data: unknown, _context: unknown, callback: Callback) => callback(null, data), 'event');
  expect((await call(post('application/json', { data: { a: 1 }, eventId: '1' }))).body).toBe('{"a":1}');
});

test('a legacy function that rejects', async () => {
  const { call } = await serve(() => Promise.reject(new Error('boom')), 'event', { production: true });
  const answer = await call(post('application/json', { data: 1 }));
  expect([answer.status, answer.body, answer.headers['x-openfunction-status']]).toEqual([
    500,
    'Internal Server Error',
    'error',
  ]);
});
