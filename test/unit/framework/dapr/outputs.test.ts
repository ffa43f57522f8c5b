import { expect, test } from 'vitest';
import { bindRuntime } from '../../../../src/framework/context/bind-runtime.ts';
import { defaultContext } from '../../../../src/framework/context/default-context.ts';
import { makeServicesOf } from '../../../../src/framework/context/services.ts';
import type { OpenFunctionContext } from '../../../../src/framework/context/types.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';
import { startSidecar, type SidecarReply, type SidecarRequest } from '../../../support/sidecar.ts';

const OUTPUTS: OpenFunctionContext['outputs'] = {
  file: { componentName: 'local', componentType: 'bindings.localstorage', operation: 'create', metadata: { f: 'x' } },
  topic: { componentName: 'ps', componentType: 'pubsub.redis', uri: 'orders/new', metadata: { rawPayload: 'true' } },
  bare: { componentName: 'cron', componentType: 'bindings.Kafka' },
  store: { componentName: 'st', componentType: 'state.redis' },
};

async function start(
  reply: (call: SidecarRequest) => SidecarReply = () => ({}),
  context: Partial<OpenFunctionContext> = { outputs: OUTPUTS },
) {
  const logged: string[] = [];
  const write = (line: string): void => void logged.push(line);
  const { env, calls } = await startSidecar(reply);
  const platform = readPlatform({ ...env, POD_NAMESPACE: 'ns' });
  const log = { debug: write, info: write, warn: write, error: write };
  const services = makeServicesOf({ ...defaultContext('fn'), ...context }, platform, log)('fn');
  const ctx = new (bindRuntime(services))();
  return { ctx, calls, logged, lines: () => calls.map(({ method, path }) => `${method} ${path}`) };
}

test('an output binding', async () => {
  const { ctx, calls } = await start();
  await ctx.send({ a: 1 }, 'file');
  const body = '{"operation":"create","data":{"a":1},"metadata":{"f":"x"}}';
  expect(calls).toMatchObject([{ method: 'POST', path: '/v1.0/bindings/local', body }]);
});

test('an output binding without operation and metadata', async () => {
  const { ctx, calls } = await start();
  await ctx.send('x', 'bare');
  expect(calls).toMatchObject([{ path: '/v1.0/bindings/cron', body: '{"operation":"","data":"x","metadata":{}}' }]);
});

test('a topic', async () => {
  const { ctx, calls } = await start();
  await ctx.send({ a: 1 }, 'topic');
  const path = '/v1.0/publish/ps/orders%2Fnew?metadata.rawPayload=true';
  expect(calls).toMatchObject([{ method: 'POST', path, body: '{"a":1}' }]);
});

test('a state store is no output to send to', async () => {
  const { ctx, calls } = await start();
  expect(await ctx.send({ a: 1 }, 'store')).toEqual([{ status: 'fulfilled', value: undefined }]);
  expect(calls).toEqual([]);
});

test.each([undefined, ''])('without a name (%j) all outputs get it, and results are in their order', async (name) => {
  const { ctx, lines } = await start(({ path }) =>
    path.includes('local') ? { status: 200, body: '{"n":1}' } : { status: 200, body: 'text' },
  );
  expect(await ctx.send('x', name)).toEqual([
    { status: 'fulfilled', value: { n: 1 } },
    { status: 'fulfilled', value: true },
    { status: 'fulfilled', value: 'text' },
    { status: 'fulfilled', value: undefined },
  ]);
  expect(lines().toSorted()).toEqual([
    'POST /v1.0/bindings/cron',
    'POST /v1.0/bindings/local',
    'POST /v1.0/publish/ps/orders%2Fnew?metadata.rawPayload=true',
  ]);
});

test('a binding that fails is rejected, a topic that fails is fulfilled with false and logged', async () => {
  const { ctx, logged } = await start(() => ({ status: 500, body: '{"errorCode":"ERR_X","message":"no"}' }));
  const failure = { error: 'ERR_X', error_msg: 'no', status: 500 };
  expect(await ctx.send('x')).toMatchObject([
    { status: 'rejected', reason: { message: JSON.stringify(failure) } },
    { status: 'fulfilled', value: false },
    { status: 'rejected', reason: { code: 'ERR_X', status: 500 } },
    { status: 'fulfilled', value: undefined },
  ]);
  expect(logged).toMatchInlineSnapshot(`
    [
      "Couldn't publish to ps/orders/new: {"error":"ERR_X","error_msg":"no","status":500}",
    ]
  `);
});

test('without outputs there are no results', async () => {
  const { ctx } = await start(undefined, {});
  expect(await ctx.send('x')).toEqual([]);
});

test.each(['nothing', 'toString', '__proto__'])('an output that is not there: %s', async (name) => {
  const { ctx, calls, logged } = await start();
  const [result, ...more] = await ctx.send('x', name);
  expect(result).toMatchObject({ status: 'rejected', reason: { message: `output ${name} not found` } });
  expect([more, calls, logged]).toEqual([[], [], [`output ${name} not found`]]);
});

test('name and payload may be swapped, unless the second is a name too', async () => {
  const { ctx, calls } = await start();
  await ctx.send('bare', 'the payload');
  await ctx.send('file', 'bare');
  await ctx.send('toString', 'bare');
  const data = calls.map(({ path, body }) => [path, (JSON.parse(body) as { data: unknown }).data]);
  expect(data).toEqual([
    ['/v1.0/bindings/cron', 'the payload'],
    ['/v1.0/bindings/cron', 'file'],
    ['/v1.0/bindings/cron', 'toString'],
  ]);
});

test('what is no JSON fails and is not thrown', async () => {
  const { ctx, logged } = await start();
  expect(await ctx.send(5n)).toMatchObject([
    { status: 'rejected', reason: expect.any(TypeError) },
    { status: 'fulfilled', value: false },
    { status: 'rejected', reason: expect.any(TypeError) },
    { status: 'fulfilled', value: undefined },
  ]);
  expect(logged).toEqual([expect.stringContaining('BigInt')]);
});

test('bytes for a binding are sent in base64, which is said once', async () => {
  const { ctx, calls, logged } = await start();
  for (let i = 0; i < 2; i += 1) await ctx.send(Buffer.from('x'), 'bare');
  expect(calls.map(({ body }) => (JSON.parse(body) as { data: unknown }).data)).toEqual(['eA==', 'eA==']);
  expect(logged).toMatchInlineSnapshot(`
    [
      "Bytes for the binding cron are sent in base64: its API is JSON. Send text or an object to avoid it.",
    ]
  `);
});

test("under Go's name: one output, its name first, and its answer", async () => {
  const { ctx, calls } = await start(() => ({ status: 200, body: '{"n":1}' }));
  expect(await ctx.Send('file', 'x')).toEqual({ n: 1 });
  expect(await ctx.Send('topic', 'x')).toBe(undefined);
  expect(calls.map(({ path }) => path.split('?')[0])).toEqual([
    '/v1.0/bindings/local',
    '/v1.0/publish/ps/orders%2Fnew',
  ]);
});

test("under Go's name failures are thrown", async () => {
  const { ctx } = await start(() => ({ status: 500 }));
  await expect(ctx.Send('file', 'x')).rejects.toMatchObject({ name: 'DaprError', status: 500 });
  await expect(ctx.Send('topic', 'x')).rejects.toMatchObject({ name: 'DaprError', status: 500 });
  await expect(ctx.Send('toString', 'x')).rejects.toThrow('output toString not found');
  const { ctx: none } = await start(undefined, {});
  await expect(none.Send('file', 'x')).rejects.toThrow('no output');
});

test("under the proposal's name it is send", async () => {
  const { ctx, calls } = await start();
  await ctx.SendTo({ a: 1 }, 'bare');
  expect(calls.map(({ path }) => path)).toEqual(['/v1.0/bindings/cron']);
});

test('publish and invoke reach what is no output', async () => {
  const { ctx, lines } = await start(() => ({ status: 200, body: '5' }));
  await ctx.publish('other', 't', 'x', { ttlInSeconds: '1' });
  expect(await ctx.invoke('app', 'm', { a: 1 })).toBe(5);
  expect(lines()).toEqual(['POST /v1.0/publish/other/t?metadata.ttlInSeconds=1', 'POST /v1.0/invoke/app/method/m']);
});

test('publish and invoke reject', async () => {
  const { ctx } = await start(() => ({ status: 403 }));
  await expect(ctx.publish('other', 't', 'x')).rejects.toMatchObject({ status: 403 });
  await expect(ctx.invoke('app', 'm')).rejects.toMatchObject({ status: 403 });
});
