import { expect, test } from 'vitest';
import { bindRuntime } from '../../../../src/framework/context/bind-runtime.ts';
import { normalizeContext } from '../../../../src/framework/context/normalize.ts';
import { Out } from '../../../../src/framework/context/out.ts';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { makeServicesOf } from '../../../../src/framework/context/services.ts';
import type { OpenFunctionContext } from '../../../../src/framework/context/types.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';
import { bindingCall, serveAsync, topicCall } from '../../../support/async-function.ts';
import { serve } from '../../../support/function-server.ts';

const CONTEXT = {
  name: 'fn',
  version: 'v1',
  runtime: 'Knative',
  port: '8081',
  inputs: { in: { componentName: 'c', componentType: 'bindings.cron', uri: 'u' } },
  outputs: { out: { componentName: 'o', componentType: 'pubsub.redis', uri: 't' } },
  states: { st: { componentName: 's', componentType: 'state.redis' } },
  prePlugins: ['a'],
  postPlugins: ['b'],
  pluginsTracing: { enabled: true, provider: { name: 'skywalking' }, tags: { x: 'y' } },
  httpPattern: '/p',
  ownKey: { deep: [1] },
};
const ENV = {
  DAPR_HTTP_PORT: '3600',
  DAPR_GRPC_PORT: '50002',
  POD_NAME: 'pod',
  POD_NAMESPACE: 'ns',
  CONTEXT_MODE: 'self-host',
};
const LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const classOf = (context: OpenFunctionContext | undefined, env: Record<string, string> = ENV) =>
  bindRuntime(makeServicesOf(context, readPlatform(env), LOG)('fn'));
const make = (context: object = CONTEXT) =>
  new (classOf(normalizeContext(JSON.stringify(context), undefined).context))();

test.each(Object.keys(CONTEXT))('the key %s of the function context', (key) => {
  expect(make()[key]).toEqual(Reflect.get(CONTEXT, key));
});

test.each(['state', 'event', 'sidecarPort', 'send', 'requestID', 'clientPort', 'GetName'])(
  'a key that is the name of a member comes before it: %s',
  (key) => {
    expect(make({ ...CONTEXT, [key]: 'mine' })[key]).toBe('mine');
  },
);

test('a key of the name that holds the services does no harm', async () => {
  expect(await make({ name: 'fn', services: 'mine' }).send('x')).toEqual([]);
});

test('keys are listed, and can be set for one invocation', () => {
  const Runtime = classOf(normalizeContext(JSON.stringify(CONTEXT), undefined).context);
  const [one, other] = [new Runtime(), new Runtime()];
  Object.assign(one, { name: 'changed' });
  const listed: string[] = [];
  for (const key in one) listed.push(key);
  expect([one.name, other.name, listed]).toEqual(['changed', 'fn', expect.arrayContaining(['outputs', 'ownKey'])]);
});

test.each<[string, (ctx: OpenFunctionInvocation) => unknown, unknown]>([
  ['GetName', (ctx) => ctx.GetName(), 'fn'],
  ['GetMode', (ctx) => ctx.GetMode(), 'self-host'],
  ['GetContext', (ctx) => ctx.GetContext(), CONTEXT],
  ['GetInputs', (ctx) => ctx.GetInputs(), CONTEXT.inputs],
  ['GetOutputs', (ctx) => ctx.GetOutputs(), CONTEXT.outputs],
  ['HasInputs', (ctx) => ctx.HasInputs(), true],
  ['HasOutputs', (ctx) => ctx.HasOutputs(), true],
  ['GetPort', (ctx) => ctx.GetPort(), '8081'],
  ['GetRuntime', (ctx) => ctx.GetRuntime(), 'Knative'],
  ['GetHttpPattern', (ctx) => ctx.GetHttpPattern(), '/p'],
  ['GetPrePlugins', (ctx) => ctx.GetPrePlugins(), ['a']],
  ['GetPostPlugins', (ctx) => ctx.GetPostPlugins(), ['b']],
  ['GetPluginsTracingCfg', (ctx) => ctx.GetPluginsTracingCfg(), CONTEXT.pluginsTracing],
  ['HasPluginsTracingCfg', (ctx) => ctx.HasPluginsTracingCfg(), true],
  ['GetPodName', (ctx) => ctx.GetPodName(), 'pod'],
  ['GetPodNamespace', (ctx) => ctx.GetPodNamespace(), 'ns'],
  ['GetDaprClient', (ctx) => ctx.GetDaprClient() === ctx.dapr, true],
  ['sidecarPort', (ctx) => ctx.sidecarPort, { HTTP: '3600', GRPC: '50002' }],
  ['getState', (ctx) => ctx.getState().componentName, 's'],
  ['getState of a key', (ctx) => ctx.getState('st').componentName, 's'],
  ['getPlugin', (ctx) => ctx.getPlugin('none'), undefined],
  ['GetSyncRequest', (ctx) => ctx.GetSyncRequest(), { Request: undefined, ResponseWriter: undefined }],
  ['GetInputName', (ctx) => ctx.GetInputName(), ''],
  ['GetError', (ctx) => ctx.GetError(), undefined],
  ['GetOut', (ctx) => ctx.GetOut(), undefined],
  ['VarsFromCtx', (ctx) => ctx.VarsFromCtx(), {}],
  ['URLParamFromCtx', (ctx) => ctx.URLParamFromCtx('x'), ''],
])('%s', (_, read, value) => {
  expect(read(make())).toEqual(value);
});

test.each<[string, (ctx: OpenFunctionInvocation) => unknown, unknown]>([
  ['GetInputs', (ctx) => ctx.GetInputs(), {}],
  ['HasInputs', (ctx) => ctx.HasInputs(), false],
  ['HasOutputs', (ctx) => ctx.HasOutputs(), false],
  ['GetPort', (ctx) => ctx.GetPort(), '8080'],
  ['GetHttpPattern', (ctx) => ctx.GetHttpPattern(), '/'],
  ['GetPluginsTracingCfg', (ctx) => ctx.GetPluginsTracingCfg(), undefined],
  ['HasPluginsTracingCfg', (ctx) => ctx.HasPluginsTracingCfg(), false],
  ['GetMode', (ctx) => ctx.GetMode(), 'kubernetes'],
  ['sidecarPort', (ctx) => ctx.sidecarPort, { HTTP: '3500', GRPC: '50001' }],
])('%s of a function without a context', (_, read, value) => {
  expect(read(new (classOf(undefined, {}))())).toEqual(value);
});

test('a function without a context sends nowhere and has no store', async () => {
  const ctx = new (classOf(undefined, {}))();
  expect([ctx.name, await ctx.send('x')]).toEqual(['fn', []]);
  await expect(ctx.state.get({ key: 'k' })).rejects.toThrow('You must specify the state in the context');
});

test('outcomes are noted', () => {
  const ctx = make();
  expect([ctx.success('x'), ctx.out]).toEqual([new Out(200, 'x'), new Out(200, 'x')]);
  expect(ctx.fail('x', { retry: true })).toMatchObject({ code: 500, error: 'x', metadata: { retry: 'true' } });
  expect(ctx.ReturnOnSuccess().GetCode()).toBe(200);
  expect(ctx.ReturnOnInternalError().GetOut()).toMatchObject({ code: 500, metadata: {} });
  expect(ctx.WithOut(new Out(1).WithCode(202).WithData('d')).GetOut()).toMatchObject({ code: 202, data: 'd' });
  const error = new Error('x');
  expect(ctx.WithError(error).GetError()).toBe(error);
});

test('a native context is free to use', () => {
  const ctx = make();
  ctx.SetNativeContext({ a: 1 });
  expect([ctx.GetNativeContext(), ctx.locals]).toEqual([{ a: 1 }, { a: 1 }]);
});

test('a CloudEvent of the function', () => {
  const ctx = make();
  const event: unknown = JSON.parse(ctx.packageAsCloudevent({ a: 1 }));
  expect(event).toMatchObject({ specversion: '1.0', source: 'fn', data: { a: 1 } });
  expect(ctx.packageAsCloudevent(event)).toBe(JSON.stringify(event));
});

test('events can be set', () => {
  const ctx = make();
  ctx.SetEvent('in', { name: 'cron', data: Buffer.from('[1]'), metadata: { a: 'b' } });
  expect([ctx.inputName, ctx.GetInput(), ctx.bindingEvent?.metadata]).toEqual(['in', [1], { a: 'b' }]);
  ctx.SetEvent('in', { specversion: '1.0', id: '1', source: 's', type: 't', data: 5 });
  expect([ctx.topicEvent?.id, ctx.GetInput()]).toEqual(['1', 5]);
});

/** What a function sees of its context, taken while it runs. */
async function seenBy(
  kind: 'request' | 'topic' | 'binding',
  read: (ctx: OpenFunctionInvocation) => unknown,
): Promise<unknown> {
  let seen: unknown;
  const handler = (ctx: OpenFunctionInvocation): void => void (seen = read(ctx));
  if (kind === 'request') {
    const { call } = await serve(handler, 'openfunction');
    await call({ method: 'POST', path: '/p', headers: { 'content-type': 'application/json' }, body: '{"a":1}' });
  } else {
    const { call } = await serveAsync(handler);
    await call(kind === 'topic' ? topicCall({ data: { a: 1 }, priority: 1 }) : bindingCall('{"a":1}'));
  }
  return seen;
}

test.each<[string, (ctx: OpenFunctionInvocation) => unknown, unknown, unknown, unknown]>([
  ['req', (ctx) => ctx.req?.path, '/p', undefined, undefined],
  ['res', (ctx) => typeof ctx.res, 'object', 'undefined', 'undefined'],
  ['inputName', (ctx) => ctx.inputName, undefined, 'topic', 'cron'],
  ['GetInputName', (ctx) => ctx.GetInputName(), '', 'topic', 'cron'],
  ['bindingEvent', (ctx) => ctx.bindingEvent?.name, undefined, undefined, 'cron'],
  ['GetBindingEvent', (ctx) => ctx.GetBindingEvent()?.name, undefined, undefined, 'cron'],
  ['topicEvent', (ctx) => ctx.topicEvent?.topic, undefined, 'orders', undefined],
  ['GetTopicEvent', (ctx) => ctx.GetTopicEvent()?.metadata, undefined, { priority: '1' }, undefined],
  ['cloudEvent', (ctx) => ctx.cloudEvent?.id, undefined, '1', undefined],
  ['GetCloudEvent', (ctx) => ctx.GetCloudEvent()?.data, undefined, { a: 1 }, undefined],
  ['GetInnerEvent', (ctx) => ctx.GetInnerEvent(), undefined, undefined, undefined],
  ['event', (ctx) => ctx.event === undefined, true, false, false],
  ['rawData', (ctx) => ctx.rawData?.toString(), '{"a":1}', '{"a":1}', '{"a":1}'],
  ['data', (ctx) => ctx.data, { a: 1 }, { a: 1 }, { a: 1 }],
  ['GetInput', (ctx) => ctx.GetInput(), { a: 1 }, { a: 1 }, { a: 1 }],
  ['locals', (ctx) => ctx.locals, {}, {}, {}],
  ['error', (ctx) => ctx.error, undefined, undefined, undefined],
  ['VarsFromCtx', (ctx) => ctx.VarsFromCtx(), { '0': 'p' }, {}, {}],
  [
    'a clone',
    (ctx) => [ctx.CloneRuntimeContext().inputName, ctx.CloneRuntimeContext().GetInput()],
    [undefined, { a: 1 }],
    ['topic', { a: 1 }],
    ['cron', { a: 1 }],
  ],
])('%s in a request, of a topic, of a binding', async (_, read, request, topic, binding) => {
  expect(await seenBy('request', read)).toEqual(request);
  expect(await seenBy('topic', read)).toEqual(topic);
  expect(await seenBy('binding', read)).toEqual(binding);
});

test('the trigger can be set', async () => {
  const seen = await seenBy('request', (ctx) => {
    const other = ctx.CloneRuntimeContext();
    other.SetSyncRequest(ctx.GetSyncRequest().ResponseWriter!, ctx.GetSyncRequest().Request!);
    return [other.req === ctx.req, other.res === ctx.res];
  });
  expect(seen).toEqual([true, true]);
});
