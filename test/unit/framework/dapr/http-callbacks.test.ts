import { expect, test } from 'vitest';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import {
  bindingCall,
  bindingInput,
  bulkCall,
  INPUTS,
  outcomeOf,
  PATHS,
  serveAsync,
  topicCall,
  topicInput,
} from '../../../support/async-function.ts';

const SUCCESS = [200, '{"status":"SUCCESS"}'];
/** A function that notes by which input messages come. */
const noting = () => {
  const seen: unknown[] = [];
  const handler = (ctx: OpenFunctionInvocation, data: unknown): void =>
    void seen.push(ctx.req === undefined ? [ctx.inputName, data] : [ctx.req.method, ctx.req.url]);
  return { seen, handler };
};

test('the sidecar is told the topics', async () => {
  const { call } = await serveAsync(() => {}, {
    inputs: { ...INPUTS, more: topicInput('b', 'ps', { rawPayload: 'true' }) },
  });
  const { status, headers, body } = await call('/dapr/subscribe');
  expect([status, headers['content-type']]).toEqual([200, 'application/json']);
  expect(body).toMatchInlineSnapshot(
    `"[{"pubsubname":"ps","topic":"orders","route":"/ps--orders--default"},{"pubsubname":"ps","topic":"b","route":"/ps--b--default","metadata":{"rawPayload":"true"}}]"`,
  );
});

test('without topics it is told none', async () => {
  const serving = await serveAsync(() => {}, { inputs: { cron: INPUTS.cron } });
  expect(await outcomeOf(serving, { path: '/dapr/subscribe' })).toEqual([200, '[]']);
});

test('there is nothing to configure', async () => {
  expect(await outcomeOf(await serveAsync(() => {}), { path: '/dapr/config' })).toEqual([200, '{}']);
});

test.each([
  ['a binding', '/cron', 200],
  ['another component', '/store', 404],
  ['a topic', PATHS.topic, 404],
])('the sidecar asks whether %s is listened to', async (_, path, status) => {
  expect(await outcomeOf(await serveAsync(() => {}), { method: 'OPTIONS', path })).toEqual([status, '']);
});

test.each<[string, string]>([
  ['GET', '/'],
  ['POST', '/'],
  ['GET', PATHS.topic],
  ['PUT', PATHS.topic],
  ['GET', PATHS.cron],
  ['POST', '/dapr/subscribe'],
  ['POST', '/job/nightly'],
  ['PUT', '/actors/type/id/method/m'],
  ['POST', '/toString'],
])('%s %s is answered with 404 and nothing else', async (method, path) => {
  const { seen, handler } = noting();
  expect(await outcomeOf(await serveAsync(handler), { method, path })).toEqual([404, '']);
  expect(seen).toEqual([]);
});

test.each<[string, string, string]>([
  ['its route', 'orders', PATHS.topic],
  ['its name', 'orders', '/orders'],
  ['its name with a query', 'orders', '/orders?x=y'],
  ['its name in capital letters', 'Orders', '/Orders'],
  ['its name with a slash at the front', '/a', '/a'],
  ['segments', 'a/b', '/ps--a/b--default'],
  ['the names of segments', 'a/b', '/a/b'],
  ['one escaped segment', 'a/b', '/a%2Fb'],
  ['a fragment', 'all/#', '/ps--all/%23--default'],
  ['the name of a fragment', 'all/#', '/all/%23'],
  ['a plus', 'a/+', '/a/+'],
  ['a query', 'a?b', '/ps--a%3Fb--default'],
  ['the name of a query', 'a?b', '/a%3Fb'],
  ['a percent sign', '50%', '/ps--50%25--default'],
  ['the name of a percent sign', '50%', '/50%25'],
  ['an escape', 'a%2Fb', '/ps--a%252fb--default'],
  ['unicode', 'é', '/ps--%C3%A9--default'],
  ['unicode and a percent sign', '50% é', '/ps--50%25%20%C3%A9--default'],
])('a topic is delivered to by %s', async (_, topic, path) => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, { inputs: { in: topicInput(topic) } });
  expect(await outcomeOf(serving, topicCall({ topic, data: 1 }, path))).toEqual(SUCCESS);
  expect(seen).toEqual([['in', 1]]);
});

test.each<[string, Parameters<typeof bindingInput>, string]>([
  ['its name', ['my-cron'], '/my-cron'],
  ['its name, escaped', ['my cron'], '/my%20cron'],
  ['its uri', ['cron', { uri: 'other' }], '/other'],
  ['the route of its metadata', ['cron', { metadata: { route: '/every/minute' } }], '/every/minute'],
])('a binding is delivered to by %s', async (_, input, path) => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, { inputs: { in: bindingInput(...input) } });
  expect(await outcomeOf(serving, { method: 'OPTIONS', path })).toEqual([200, '']);
  expect(await outcomeOf(serving, bindingCall('5', path))).toEqual([200, '']);
  expect(seen).toEqual([['in', 5]]);
});

test('a topic and a binding of one name are told apart', async () => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, { inputs: { a: topicInput('same'), b: bindingInput('same') } });
  expect(await outcomeOf(serving, bindingCall('1', '/same'))).toEqual([200, '']);
  expect(await outcomeOf(serving, topicCall({ topic: 'same', data: 2 }, '/same'))).toEqual(SUCCESS);
  expect(seen).toEqual([
    ['b', 1],
    ['a', 2],
  ]);
});

test('topics of one name are told apart by their component', async () => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, { inputs: { a: topicInput('t', 'one'), b: topicInput('t', 'two') } });
  for (const pubsubname of ['two', 'one', 'neither'])
    await serving.call(topicCall({ pubsubname, topic: 't', data: pubsubname }, '/t'));
  expect(seen).toEqual([
    ['b', 'two'],
    ['a', 'one'],
    ['a', 'neither'],
  ]);
});

test('topics that differ in capital letters alone are told apart', async () => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, { inputs: { a: topicInput('T'), b: topicInput('t') } });
  for (const topic of ['t', 'T']) await serving.call(topicCall({ topic, data: topic }, '/ps--t--default'));
  expect(seen).toEqual([
    ['b', 't'],
    ['a', 'T'],
  ]);
});

const WITH_HTTP = { context: { triggers: { http: { port: 8080 } } } };
const PREFLIGHT = { origin: 'https://a.example', 'access-control-request-method': 'POST' };

test.each<[string, string, Record<string, string>]>([
  ['GET', '/any?x=1', {}],
  ['POST', '/any', {}],
  ['GET', PATHS.topic, {}],
  ['GET', PATHS.cron, {}],
  ['PUT', '/dapr/subscribe', {}],
  ['POST', '/orders', { 'content-type': 'application/json' }],
  ['OPTIONS', '/any', PREFLIGHT],
  ['OPTIONS', PATHS.cron, PREFLIGHT],
  ['OPTIONS', '/any', { 'webhook-request-origin': 'a.example' }],
])('a function that answers requests too gets %s %s', async (method, path, headers) => {
  for (const env of [{}, { APP_API_TOKEN: 'secret' }]) {
    const { seen, handler } = noting();
    const { call } = await serveAsync(handler, { ...WITH_HTTP, env });
    await call({ method, path, headers });
    expect(seen).toEqual([[method, path]]);
  }
});

test('a function that answers requests too gets messages', async () => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, WITH_HTTP);
  expect(await outcomeOf(serving, topicCall({ data: 1 }))).toEqual(SUCCESS);
  expect(await outcomeOf(serving, topicCall({ data: 2 }, '/orders'))).toEqual(SUCCESS);
  expect(await outcomeOf(serving, bindingCall('3'))).toEqual([200, '']);
  expect(seen).toEqual([
    ['topic', 1],
    ['topic', 2],
    ['cron', 3],
  ]);
});

test('a function that answers requests too gets bulks on routes that are escaped', async () => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, { ...WITH_HTTP, inputs: { in: topicInput('50% é') } });
  const path = '/ps--50%25%20%C3%A9--default';
  expect(await outcomeOf(serving, { ...bulkCall([{ entryId: '1', event: 5 }]), path })).toEqual([
    200,
    '{"statuses":[{"entryId":"1","status":"SUCCESS"}]}',
  ]);
  expect(seen).toEqual([['in', 5]]);
});

test('the sidecar is told of no other components by a function that answers requests too', async () => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, WITH_HTTP);
  expect(await outcomeOf(serving, { method: 'OPTIONS', path: '/store' })).toEqual([404, '']);
  expect(await outcomeOf(serving, { method: 'OPTIONS', path: '/cron' })).toEqual([200, '']);
  expect((await serving.call('/dapr/subscribe')).status).toBe(200);
  expect(seen).toEqual([]);
});

test.each<[string, Parameters<Awaited<ReturnType<typeof serveAsync>>['call']>[0]]>([
  ['the topics', { path: '/dapr/subscribe' }],
  ['the configuration', { path: '/dapr/config' }],
  ['a binding', { method: 'OPTIONS', path: '/cron' }],
  ['a topic', topicCall()],
  ['a bulk', bulkCall([])],
  ['an alias', topicCall({}, '/orders')],
  ['a delivery of a binding', bindingCall()],
])('who asks for %s without the token is refused', async (_, given) => {
  const { seen, handler } = noting();
  const serving = await serveAsync(handler, { env: { APP_API_TOKEN: 'secret' } });
  const call = typeof given === 'object' ? given : {};
  for (const headers of [{}, { 'dapr-api-token': 'wrong' }, { 'dapr-api-token': ['secret', 'secret'] }]) {
    expect(await outcomeOf(serving, { ...call, headers: { ...call.headers, ...headers } })).toEqual([401, '']);
  }
  const trusted = await serving.call({ ...call, headers: { ...call.headers, 'dapr-api-token': 'secret' } });
  expect([trusted.status, seen.length <= 1]).toEqual([200, true]);
});

test('a body over the limit is refused', async () => {
  const { seen, handler } = noting();
  const { call } = await serveAsync(handler, { env: { FUNC_BODY_LIMIT: '1kb' } });
  expect((await call(topicCall({ data: 'x'.repeat(2000) }))).status).toBe(413);
  expect((await call(bindingCall('x'.repeat(2000)))).status).toBe(413);
  expect(seen).toEqual([]);
});
