import { expect, test } from 'vitest';
import { bindRuntime } from '../../../../src/framework/context/bind-runtime.ts';
import { defaultContext } from '../../../../src/framework/context/default-context.ts';
import { makeServicesOf } from '../../../../src/framework/context/services.ts';
import { BindingMessage } from '../../../../src/framework/dapr/binding-message.ts';
import { innerEventOf } from '../../../../src/framework/dapr/inner-event.ts';
import type { Message } from '../../../../src/framework/dapr/message.ts';
import { TopicMessage } from '../../../../src/framework/dapr/topic-message.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';
import { startSidecar } from '../../../support/sidecar.ts';

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
/** As Go's framework makes it. */
const innerOf = (userData: string | Uint8Array, metadata: Record<string, unknown> = { sw8: '1-a' }) => ({
  specversion: '1.0',
  id: '7',
  time: '2026-01-01T00:00:00.123456789Z',
  source: 'ns/producer',
  type: 'io.openfunction.function.ns.producer',
  datacontenttype: 'application/json',
  data: { metadata, userData: base64(userData) },
});
const topic = (event: object) =>
  new TopicMessage('in', { specversion: '1.0', id: '1', source: 's', type: 'com.dapr.event.sent', ...event });
const binding = (value: unknown) =>
  new BindingMessage('in', { name: 'kafka', data: Buffer.from(JSON.stringify(value)), metadata: {} });

test.each<[string, (inner: object) => Message]>([
  ['text, as Go publishes it', (inner) => topic({ datacontenttype: 'text/plain', data: JSON.stringify(inner) })],
  ['a table', (inner) => topic({ datacontenttype: 'application/json', data: inner })],
  ['text in base64', (inner) => topic({ datacontenttype: 'text/plain', data_base64: base64(JSON.stringify(inner)) })],
  ['the envelope itself', (inner) => new TopicMessage('in', { ...inner })],
  ['the bytes of a binding', binding],
])('an inner event that is %s is opened', (_, wrap) => {
  const message = wrap(innerOf('{"a":1}'));
  expect(message.data).toEqual({ a: 1 });
  expect(message.innerEvent).toMatchObject({ metadata: { sw8: '1-a' }, cloudEvent: { id: '7' } });
  expect(message.cloudEvent.data).toEqual({ a: 1 });
});

test.each<[string, string | Uint8Array, unknown]>([
  ['text', 'plain', 'plain'],
  ['a number', '0', 0],
  ['bytes', Buffer.from([0xff]), Buffer.from([0xff])],
  ['nothing', '', ''],
])('what was put into it: %s', (_, sent, value) => {
  expect(binding(innerOf(sent)).data).toEqual(value);
});

test.each<[string, unknown]>([
  ['a CloudEvent of somebody else', { ...innerOf('x'), type: 'com.example' }],
  ['one without data of a user', { ...innerOf('x'), data: { metadata: {} } }],
  ['one whose data is text', { ...innerOf('x'), data: 'x' }],
  ['data without an envelope', { userData: base64('x') }],
  ['text that names the type alone', 'io.openfunction.function'],
  ['null', null],
])('%s is none', (_, value) => {
  expect(innerEventOf(value)).toBe(undefined);
  expect(binding(value).data).toEqual(value);
});

test('metadata that is no text is left empty', () => {
  expect(innerEventOf(innerOf('x', { a: 5, b: 'c' }))?.metadata).toEqual({ a: '', b: 'c' });
});

const OUTPUTS = {
  topic: { componentName: 'ps', componentType: 'pubsub.redis', uri: 't' },
  queue: { componentName: 'kafka', componentType: 'bindings.kafka' },
  file: { componentName: 'file', componentType: 'bindings.localstorage' },
};
const SKYWALKING = { enabled: true, provider: { name: 'SkyWalking' } };

async function start(pluginsTracing: object | undefined, message?: Message, env: Record<string, string> = {}) {
  const { env: sidecar, calls } = await startSidecar();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const context = { ...defaultContext('fn'), outputs: OUTPUTS, pluginsTracing };
  const platform = readPlatform({ ...sidecar, POD_NAMESPACE: 'ns', ...env });
  // oxlint-disable-next-line typescript/no-explicit-any -- the tracing part is given as users give it
  const Runtime = bindRuntime(makeServicesOf(context as any, platform, log)('fn'));
  return { ctx: new Runtime(undefined, undefined, message), calls };
}

const TRACED = {
  specversion: '1.0',
  source: 'ns/fn',
  type: 'io.openfunction.function.ns.fn',
  datacontenttype: 'application/json',
};

test('with SkyWalking a topic gets the text of an inner event, as from Go', async () => {
  const { ctx, calls } = await start(SKYWALKING);
  await ctx.send({ a: 1 }, 'topic');
  expect(calls).toMatchObject([{ path: '/v1.0/publish/ps/t', headers: { 'content-type': 'text/plain' } }]);
  const inner: unknown = JSON.parse(calls[0]?.body ?? '');
  expect(inner).toMatchObject({ ...TRACED, data: { metadata: {}, userData: base64('{"a":1}') } });
});

test('what is sent so is opened by the next function', async () => {
  const { ctx, calls } = await start(SKYWALKING);
  await ctx.send({ a: 1 }, 'topic');
  const data = calls[0]?.body;
  expect(topic({ datacontenttype: 'text/plain', data }).data).toEqual({ a: 1 });
});

test('with SkyWalking a queue gets an inner event', async () => {
  const { ctx, calls } = await start(SKYWALKING);
  await ctx.send('x', 'queue');
  const { data } = JSON.parse(calls[0]?.body ?? '') as { data: object };
  expect(data).toMatchObject({ ...TRACED, data: { userData: base64('x') } });
  expect(binding(data).data).toBe('x');
});

test('inner events have an id and a time of their own', async () => {
  const { ctx, calls } = await start(SKYWALKING);
  await ctx.send('x', 'topic');
  await ctx.send('x', 'topic');
  const [first, second] = calls.map(({ body }) => JSON.parse(body) as { id: string; time: string });
  expect(first?.id).not.toBe(second?.id);
  expect(Number.isNaN(Date.parse(first?.time ?? ''))).toBe(false);
});

test('carriers that came in go out', async () => {
  const { ctx, calls } = await start(SKYWALKING, binding(innerOf('x')));
  await ctx.Send('topic', 'y');
  expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ data: { metadata: { sw8: '1-a' }, userData: base64('y') } });
});

test('outside of Kubernetes no namespace is named', async () => {
  const { ctx, calls } = await start(SKYWALKING, undefined, { CONTEXT_MODE: 'self-host' });
  await ctx.send('x', 'topic');
  expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ source: 'fn', type: 'io.openfunction.function.fn' });
});

test.each<[string, object | undefined]>([
  ['without tracing', undefined],
  ['with tracing that is off', { ...SKYWALKING, enabled: false }],
  ['with OpenTelemetry', { enabled: true, provider: { name: 'opentelemetry' } }],
  ['with no provider', { enabled: true }],
])('%s payloads go as they are', async (_, tracing) => {
  const { ctx, calls } = await start(tracing);
  await ctx.send({ a: 1 }, 'topic');
  expect(calls.map(({ body }) => body)).toEqual(['{"a":1}']);
});

test('bindings that are no queues get payloads as they are', async () => {
  const { ctx, calls } = await start(SKYWALKING);
  await ctx.send({ a: 1 }, 'file');
  expect(calls.map(({ body }) => body)).toEqual(['{"operation":"","data":{"a":1},"metadata":{}}']);
});

test('raw data goes as it is', async () => {
  const { ctx, calls } = await start(SKYWALKING);
  ctx.ContextOptions().SetRawData(true);
  await ctx.send({ a: 1 }, 'topic');
  expect([ctx.ContextOptions().IsRawDataEnabled(), calls[0]?.body]).toEqual([true, '{"a":1}']);
});

test.each<[string, unknown, string | Uint8Array]>([
  ['a text', 'x', 'x'],
  ['bytes', Buffer.from([0xff]), Buffer.from([0xff])],
  ['nothing', undefined, 'null'],
  ['a function', () => 1, 'null'],
])('%s inside of an inner event', async (_, payload, bytes) => {
  const { ctx, calls } = await start(SKYWALKING);
  await ctx.send(payload, 'topic');
  expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ data: { userData: base64(bytes) } });
});

test('what is no JSON fails and is not thrown, with tracing as without', async () => {
  const { ctx } = await start(SKYWALKING);
  expect(await ctx.send(5n)).toMatchObject([{ value: false }, { status: 'rejected' }, { status: 'rejected' }]);
});
