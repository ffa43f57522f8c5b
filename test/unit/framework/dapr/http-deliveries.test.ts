import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { bindingCall, bulkCall, outcomeOf, serveAsync, topicCall } from '../../../support/async-function.ts';

const SUCCESS = [200, '{"status":"SUCCESS"}'];
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

async function start(handler: (ctx: OpenFunctionInvocation, data: unknown) => unknown = () => {}) {
  const seen: { ctx: OpenFunctionInvocation; data: unknown }[] = [];
  const serving = await serveAsync((ctx: OpenFunctionInvocation, data: unknown) => {
    seen.push({ ctx, data });
    return handler(ctx, data);
  });
  return { ...serving, seen, data: () => seen.map(({ data }) => data) };
}

test.each<[string, string | Uint8Array, unknown]>([
  ['JSON that is no CloudEvent', '{"a":1}', { a: 1 }],
  ['null', 'null', null],
  ['text', 'plain', 'plain'],
  ['bytes', Buffer.from([0xff]), Buffer.from([0xff])],
  ['nothing', '', ''],
])('a topic gets a body as it is when it is %s', async (_, body, value) => {
  const serving = await start();
  expect(await outcomeOf(serving, { ...topicCall(), body })).toEqual(SUCCESS);
  expect(serving.data()).toEqual([value]);
});

test('a body as it is names topic and component of its input', async () => {
  const serving = await start();
  await serving.call({ ...topicCall(), body: '{"a":1}' });
  expect(serving.seen[0]?.ctx.topicEvent).toMatchObject({ topic: 'orders', pubsubName: 'ps', data: { a: 1 } });
});

test('metadata of a message comes in headers', async () => {
  const serving = await start();
  const call = topicCall({ data: 1, priority: 5 });
  await serving.call({ ...call, headers: { ...call.headers, 'metadata.partition': '3', 'x-other': 'x' } });
  expect(serving.seen[0]?.ctx.topicEvent?.metadata).toEqual({ priority: '5', partition: '3' });
});

test('metadata of a binding comes in headers', async () => {
  const serving = await start();
  const call = bindingCall('[1]');
  const headers = { ...call.headers, readtimeutc: 'now', 'dapr-api-token': 'x' };
  await serving.call({ ...call, headers });
  const event = serving.seen[0]?.ctx.bindingEvent;
  expect({ ...event, metadata: event?.metadata }).toEqual({
    name: 'cron',
    data: Buffer.from('[1]'),
    metadata: { readtimeutc: 'now' },
  });
});

test.each<[string, ReturnType<typeof bindingCall>]>([
  ['a topic', topicCall({ traceparent: '00-1' })],
  ['a binding', { ...bindingCall(), headers: { traceparent: '00-1' } }],
])('the trace of %s comes along', async (_, call) => {
  const serving = await start();
  await serving.call(call);
  expect(serving.seen[0]?.ctx.message?.carrier('traceparent')).toBe('00-1');
});

test('a binding without a body', async () => {
  const serving = await start();
  expect(await outcomeOf(serving, { method: 'POST', path: '/cron' })).toEqual([200, '']);
  expect(await outcomeOf(serving, bindingCall(''))).toEqual([200, '']);
  expect(serving.data()).toEqual([{}, {}]);
});

test.each<[string, ReturnType<typeof bindingCall>]>([
  ['a topic', topicCall({ data: { a: 1 } })],
  ['a binding', bindingCall('{"a":1}')],
])('a body of %s may be compressed', async (_, call) => {
  const serving = await start();
  const headers = { ...call.headers, 'content-encoding': 'gzip' };
  expect((await serving.call({ ...call, headers, body: gzipSync(call.body ?? '') })).status).toBe(200);
  expect(serving.data()).toEqual([{ a: 1 }]);
});

test('a body that only claims to be compressed is refused', async () => {
  const serving = await start();
  const call = topicCall();
  expect((await serving.call({ ...call, headers: { ...call.headers, 'content-encoding': 'gzip' } })).status).toBe(400);
  expect(serving.data()).toEqual([]);
});

const eventOf = (data: unknown) => ({ specversion: '1.0', id: '1', source: 's', type: 't', data });

test('the messages of a bulk have an outcome each', async () => {
  const serving = await start((_ctx, data) => {
    if (data === 'throw') throw new Error('boom');
    return data;
  });
  const contents = ['fine', 'throw', { status: 'DROP' }, { status: 'RETRY' }];
  const entries = contents.map((data, i) => ({ entryId: `e${i}`, event: eventOf(data) }));
  const { status, body } = await serving.call(bulkCall(entries));
  expect([status, JSON.parse(body)]).toEqual([
    200,
    {
      statuses: [
        { entryId: 'e0', status: 'SUCCESS' },
        { entryId: 'e1', status: 'RETRY' },
        { entryId: 'e2', status: 'DROP' },
        { entryId: 'e3', status: 'RETRY' },
      ],
    },
  ]);
  expect(serving.logged).toEqual(['Error: boom']);
});

test.each<[string, Record<string, unknown>, unknown]>([
  ['an envelope', { event: eventOf({ a: 1 }) }, { a: 1 }],
  [
    'an envelope in base64',
    { event: base64(JSON.stringify(eventOf(0))), contentType: 'application/cloudevents+json' },
    0,
  ],
  ['a raw payload', { event: base64('[1]'), contentType: 'application/octet-stream' }, Buffer.from('[1]')],
  ['a raw payload of JSON', { event: base64('[1]'), contentType: 'application/json' }, [1]],
  ['a raw payload of text', { event: base64('5'), contentType: 'text/plain' }, '5'],
  ['a raw payload without a type', { event: base64('{"a":1}') }, { a: 1 }],
  ['a broken envelope', { event: base64('{'), contentType: 'application/cloudevents+json' }, '{'],
  ['nothing', {}, undefined],
])('an entry of a bulk that is %s', async (_, entry, value) => {
  const serving = await start();
  const { body } = await serving.call(bulkCall([{ entryId: '1', ...entry }]));
  expect([JSON.parse(body), serving.data()]).toEqual([{ statuses: [{ entryId: '1', status: 'SUCCESS' }] }, [value]]);
});

test('an entry of a bulk has its own metadata, and what the bulk says of all', async () => {
  const serving = await start();
  await serving.call(bulkCall([{ entryId: '1', event: base64('x'), metadata: { partition: '3', odd: 5 } }]));
  const event = serving.seen[0]?.ctx.topicEvent;
  expect(event).toMatchObject({ topic: 'orders', pubsubName: 'ps', metadata: { partition: '3' } });
});

test.each<[string, unknown]>([
  ['none', []],
  ['null', null],
  ['no list', 'x'],
  ['nothing that is one', [null, 5, 'x', []]],
])('a bulk whose entries are %s', async (_, entries) => {
  const serving = await start();
  expect(await outcomeOf(serving, bulkCall(entries))).toEqual([200, '{"statuses":[]}']);
  expect(serving.data()).toEqual([]);
});
