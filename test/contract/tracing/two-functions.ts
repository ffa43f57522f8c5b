import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/artefact.ts';
import type { Spec } from '../../support/dapr-resources.ts';
import { startDaprd } from '../../support/daprd.ts';
import { runFunction, type ServingProcess } from '../../support/functions-framework.ts';
import { ownPort } from '../../support/own-port.ts';
import { startRedis } from '../../support/redis.ts';
import { makeFolder } from '../../support/workspace.ts';

/** How two functions are traced. */
export interface TracedOptions {
  readonly protocol: 'http' | 'grpc';
  readonly provider: object;
  readonly env?: Readonly<Record<string, string>>;
  /** A package that the functions depend on. */
  readonly dependency?: string;
  /** Of the sidecars. */
  readonly configuration?: Spec;
}

const FRONT = `
export const front = async (ctx, { id }) => {
  const price = await ctx.invoke('back', 'price', { id });
  await ctx.send({ id }, 'orders');
  return price;
};
`;
const PLUGIN = `
export const auth = { name: 'auth', async execPreHook(ctx) {}, async execPostHook() {} };
`;
const BACK = `
export const back = async (ctx, data) => {
  if (ctx.inputName === undefined) return { id: data.id, price: 5, baggage: ctx.req.get('baggage'), correlation: ctx.req.get('sw8-correlation') };
  console.log('order ' + data.id);
};
`;
const ORDERS = { componentName: 'shop', componentType: 'pubsub.redis', uri: 'orders' };

/** Runs a function that asks another one and publishes to it, each beside its own sidecar; the first is given. */
export async function runTwoFunctions(options: TracedOptions): Promise<ServingProcess> {
  const { protocol, provider, env = {}, configuration = {}, dependency } = options;
  const { address: redisHost } = await startRedis();
  const components = [{ name: 'shop', type: 'pubsub.redis', metadata: { redisHost } }];
  const pluginsTracing = { enabled: true, provider, tags: { team: 'blue' }, baggage: { tier: 'gold' } };
  const run = async (appId: string, files: Readonly<Record<string, string>>, context: object) => {
    const httpPort = await ownPort();
    const folder = makeFolder(files);
    if (dependency !== undefined) link(dependency, folder);
    const serving = await runFunction({ folder }, ['--target', appId], {
      FUNC_CONTEXT: JSON.stringify({ name: appId, version: 'v2.0.0', pluginsTracing, ...context }),
      FUNCTION_SIGNATURE_TYPE: 'openfunction',
      DAPR_HTTP_PORT: String(httpPort),
      OTEL_BSP_SCHEDULE_DELAY: '10',
      ...env,
    });
    const app = { appId, appPort: serving.port, appProtocol: protocol };
    const daprd = await startDaprd({ ...app, httpPort, components, configuration });
    await daprd.waitReady();
    return serving;
  };
  const triggers = { http: {}, dapr: [{ name: 'shop', type: 'pubsub.redis', topic: 'orders', inputName: 'orders' }] };
  await run('back', { 'index.mjs': BACK }, { runtime: 'Async', inputs: { orders: ORDERS }, triggers });
  const files = { 'index.mjs': FRONT, 'plugins/auth.mjs': PLUGIN };
  return run('front', files, { runtime: 'Knative', outputs: { orders: ORDERS } });
}

function link(dependency: string, folder: string): void {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules', dependency), join(folder, 'node_modules', dependency));
}

/** The spans of one call of them, one by one. */
export const NAMES = [
  'front',
  'execPreHook auth',
  'execPostHook auth',
  'POST back/price',
  'send orders',
  'back',
  'back',
];

/** Where in the trace they are: what the call leads to, each by its service and name. */
export const ROADS = [
  'front: front',
  'front: front > front: POST back/price',
  'front: front > front: POST back/price > back: back',
  'front: front > front: execPostHook auth',
  'front: front > front: execPreHook auth',
  'front: front > front: send orders',
  'front: front > front: send orders > back: back',
];
