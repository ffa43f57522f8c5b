import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { artefact, ROOT } from '../../support/artefact.ts';
import { makeFolder } from '../../support/workspace.ts';

/** What users write; every line has to compile, but for those marked. */
const SOURCE = `
import { callAddon, callPlugin, identify, KeelError, status } from '@openfunction/functions-framework/keel';
import type {
  Addon, AddonEndpoint, AddonsIdentifyRequest, HookOutcome, Identity, IdentityChanges, KeelCall, KeelClient, KeelHooks, MainPlugin,
  Outcome, RemoteStatus, Status, TenantBindRequest,
} from '@openfunction/functions-framework/keel';
import {
  cloudEvent, ComponentType, ContextUtils, HookAbort, http, JsonInvocationFormat, openfunction, Plugin, RuntimeType, typed, TraceProviderType,
} from '@openfunction/functions-framework';
import type {
  CloudEvent, CloudEventFunction, CloudEventFunctionWithCallback, CloudFunctionsContext, Context, Data, EventFunction,
  EventFunctionWithCallback, FunctionOptions, HandlerFunction, HttpFunction, HttpFunctionResponse, InvocationFormat,
  InvocationRequest, InvocationResponse, LegacyCloudFunctionsContext, LegacyEvent, OpenFunction, OpenFunctionComponent,
  OpenFunctionContext, OpenFunctionInvocation, OpenFunctionRuntime, PluginClass, PluginLike, PluginMap, Request, Response, SignatureType, TraceConfig, TraceProvider, TypedFunction,
} from '@openfunction/functions-framework';
import { getFunction, getTestServer, runPlugin, startAsyncFunction, startFakeSidecar } from '@openfunction/functions-framework/testing';
import type { AsyncFunction, Delivery, FakeSidecar } from '@openfunction/functions-framework/testing';

http('a', (req: Request, res: Response) => res.status(200).set('X-A', 'b').json({ body: req.body, raw: req.rawBody?.length }));
http('b', async (req, res) => { res.send(req.query['x'] ?? req.params[0]); }, { path: '/b/:id', methods: ['GET'], concurrency: 5 });
http('c', () => new Response('web'));
cloudEvent<{ n: number }>('d', (event) => event.data?.n);
cloudEvent('e', (event: CloudEvent<string>) => ({ ...event, id: 'x' }));
typed('f', (order: { prices: number[] }) => order.prices.length);
typed('g', { handler: (text: string) => text.length, format: new JsonInvocationFormat<string, number>() });
openfunction('h', async (ctx, data: { name: string }): Promise<HttpFunctionResponse> => ({ code: 201, body: [ctx.name, data.name] }));
export const i: OpenFunction<{ name: string }, string> = (ctx, data) => data.name + ctx.locals['x'];
export const j: HttpFunction = (req, res) => res.redirect('/x');
export class K extends Plugin { constructor() { super('k', 'v1'); } override async execPreHook() {} }
export class K2 extends Plugin {
  static override readonly scope = 'request';
  constructor() { super('k2'); }
  override async init() {}
  override async execPostHook(ctx: OpenFunctionInvocation, plugins: PluginMap) { ctx.result = plugins['k']?.get?.('version'); }
}
export const k3: PluginLike = { name: 'k3', execPreHook(ctx) { if (ctx.data === undefined) throw new HookAbort(400, { error: ctx.name }); } };
export const k4: PluginClass = K2;
export const k5 = runPlugin([K2, k3], { data: 1, call: (ctx, data: number) => data, request: { headers: { a: 'b' } } }).then((one) => one.ctx.res.get('x'));
export const l = [RuntimeType.Async, ComponentType.PubSub, TraceProviderType.SkyWalking, ContextUtils.IsAsyncRuntime({ runtime: 'Async' })];
export const m = [getFunction('a'), getTestServer('a').listen(0)];
export const q = async (): Promise<[string, number, unknown]> => {
  const inputs = { orders: { componentName: 'events', componentType: 'pubsub.redis', uri: 'orders' } };
  await using fn: AsyncFunction = await startAsyncFunction((ctx, data: { id: number }) => ctx.send(data.id), { context: { inputs } });
  await using sidecar: FakeSidecar = await startFakeSidecar({ components: [{ name: 'a', type: 'state.redis' }] });
  const { outcome, attempts }: Delivery = await fn.publish('orders', { id: 1 });
  return [outcome, attempts, sidecar.state('a').get('b')];
};
export const keel: KeelHooks = {
  identify: async () => ({ version: '2', addons: [{ name: 'a', desc: '' }] }),
  status: () => 'FAILED',
  addonsIdentify: ({ plugin, endpoints }) => (endpoints.length > 1 ? { ret: -400, msg: plugin.id } : undefined),
  tenantBind: async ({ tenantId, extra }) => { console.log(tenantId, extra?.length); },
};
export const calls = async () => {
  const { ret, ...rest } = await callPlugin('a', 'b', { verb: 'PUT', body: { c: 1 }, query: { d: 'e' }, token: 'f' });
  const [{ addons }, state] = await Promise.all([identify('a'), status('a')]);
  return [ret, rest, addons[0]?.name, state === 'STOPPED', callAddon('g').catch((error) => error instanceof KeelError && error.ret)];
};
// @ts-expect-error -- a plugin can not say that it has stopped
export const stopped: KeelHooks = { status: () => 'STOPPED' };
// @ts-expect-error -- a status is a number
http('n', (req, res) => res.status('200'));
// @ts-expect-error -- a name is needed
typed((value: string) => value);
export type O = [
  Addon, AddonEndpoint, AddonsIdentifyRequest, HookOutcome, Identity, IdentityChanges, KeelCall, KeelClient, MainPlugin, Outcome,
  RemoteStatus, Status, TenantBindRequest,
  CloudEventFunction, CloudEventFunctionWithCallback, CloudFunctionsContext, Context, Data, EventFunction,
  EventFunctionWithCallback, FunctionOptions, HandlerFunction, InvocationFormat<string, number>, InvocationRequest,
  InvocationResponse, LegacyCloudFunctionsContext, LegacyEvent, OpenFunctionComponent, OpenFunctionContext,
  OpenFunctionRuntime, SignatureType, TraceConfig, TraceProvider, TypedFunction<string, number>,
];
`;

test('functions in TypeScript compile against the package, whose own declarations are checked with them', async () => {
  artefact('build/framework/index.d.ts');
  const folder = makeFolder({ 'package.json': '{"type": "module"}', 'index.ts': SOURCE });
  mkdirSync(join(folder, 'node_modules/@openfunction'), { recursive: true });
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/@openfunction/functions-framework'));
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const strict = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--noPropertyAccessFromIndexSignature',
  ];
  const args = [
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--types',
    'node',
    '--preserveSymlinks',
    ...strict,
  ];
  const { all, exitCode } = await execa('tsc', [...args, 'index.ts'], { cwd: folder, all: true, reject: false });
  expect([exitCode, all]).toEqual([0, '']);
});
