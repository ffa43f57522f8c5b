import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runPlugin } from '../../support/keel-plugin.ts';
import { startKeelRouter } from '../../support/keel-router.ts';

/** A server that the function waits for, until the test lets it go on. */
async function startLatch() {
  const arrivals = new Map<string, PromiseWithResolvers<ServerResponse>>();
  const at = (path: string): PromiseWithResolvers<ServerResponse> => {
    const known = arrivals.get(path) ?? Promise.withResolvers<ServerResponse>();
    arrivals.set(path, known);
    return known;
  };
  const server = createServer((req, res) => at(req.url ?? '').resolve(res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Waits until the function is there. */
    arrived: (path: string): Promise<ServerResponse> => at(path).promise,
    /** Lets it go on. */
    release: async (path: string, status = 200): Promise<void> => void (await at(path).promise).writeHead(status).end(),
  };
}

const FUNCTION = `
const latch = process.env.LATCH;
export const init = async () => {
  const { ok } = await fetch(latch + '/init');
  if (!ok) throw new Error('no database');
};
export const hello = async (req, res) => {
  // The sidecar asks for topics as well.
  if (req.path.startsWith('/dapr/')) return res.sendStatus(404);
  await fetch(latch + req.path);
  if (req.path === '/fatal') process.nextTick(() => globalThis.fail());
  res.send('answered ' + req.path);
};
globalThis.armed = new Promise((resolve) => { globalThis.fail = resolve; });
globalThis.armed.then(() => { throw new Error('of nobody'); });`;

async function startPlugin(protocol: 'http' | 'grpc', env: Record<string, string> = {}) {
  const latch = await startLatch();
  const [router, plugin] = await Promise.all([
    startKeelRouter(),
    runPlugin(FUNCTION, { id: 'acme-slow', protocol, isHeld: true, env: { LATCH: latch.url, ...env } }),
  ]);
  await latch.arrived('/init');
  await expect.poll(() => router.refresh('acme-slow'), { timeout: 10_000 }).toBe('STARTING');
  const url = `${router.daprd.url}/v1.0/invoke/acme-slow/method`;
  return { latch, router, plugin, invoke: async (path: string) => fetch(`${url}${path}`) };
}

test.each(['http', 'grpc'] as const)('the status follows the process, app channel %s', async (protocol) => {
  const { latch, router, plugin, invoke } = await startPlugin(protocol);
  // It can be registered, and is: https://github.com/tkeel-io/tkeel/blob/v0.1.0/pkg/plugins stores what it says.
  expect(await router.register('acme-slow')).toEqual({ ret: 0, msg: 'ok' });
  expect(router.exchanges().at(-1)?.answer).toEqual({ ret: 0, msg: 'ok', status: 'STARTING' });
  const early = invoke('/early');
  expect(await router.refresh('acme-slow')).toBe('STARTING');
  await latch.release('/init');
  await latch.release('/early');
  expect([(await early).status, await (await early).text()]).toEqual([200, 'answered /early']);
  expect(await router.refresh('acme-slow')).toBe('ACTIVE');

  const slow = invoke('/slow');
  await latch.arrived('/slow');
  plugin.child.kill('SIGTERM');
  await expect.poll(() => router.refresh('acme-slow')).toBe('STOPPING');
  expect((await invoke('/late')).ok).toBe(false);
  await latch.release('/slow');
  expect(await (await slow).text()).toBe('answered /slow');
  expect((await plugin.child.ended).exitCode).toBe(0);
});

test('a plugin whose init fails says so, refuses calls, and ends with 1', async () => {
  const { latch, router, plugin, invoke } = await startPlugin('http', { FUNC_SHUTDOWN_TIMEOUT: '3' });
  const early = invoke('/early');
  await latch.release('/init', 500);
  await expect.poll(() => router.refresh('acme-slow')).toBe('FAILED');
  expect(router.exchanges().at(-1)).toMatchObject({ status: 200, answer: { ret: 0, msg: 'ok', status: 'FAILED' } });
  expect([(await early).status, (await invoke('/x')).status]).toEqual([503, 503]);
  const { exitCode, all } = await plugin.child.ended;
  expect([exitCode, all.includes('[OFN-FUNC-INIT]')]).toEqual([1, true]);
});

test('a plugin that cannot be loaded says so until it is told to end', async () => {
  const router = await startKeelRouter();
  const plugin = await runPlugin('throw new Error("at the top");', {
    id: 'acme-broken',
    ready: 'Keel is told',
    isHeld: true,
  });
  await expect.poll(() => router.refresh('acme-broken')).toBe('FAILED');
  expect((await router.ask('acme-broken', 'v1/identify')).answer).toEqual({
    ret: 0,
    msg: 'ok',
    plugin_id: 'acme-broken',
    version: '1.0',
  });
  plugin.child.kill('SIGTERM');
  expect((await plugin.child.ended).exitCode).toBe(1);
});

test('a failure of nobody is told while requests in flight end, and the process ends with 16', async () => {
  const { latch, router, plugin, invoke } = await startPlugin('http');
  await latch.release('/init');
  await plugin.child.printed('URL: ');
  const slow = invoke('/slow');
  await latch.arrived('/slow');
  const fatal = invoke('/fatal');
  await latch.release('/fatal');
  expect(await (await fatal).text()).toBe('answered /fatal');
  await expect.poll(() => router.refresh('acme-slow')).toBe('FAILED');
  await latch.release('/slow');
  expect(await (await slow).text()).toBe('answered /slow');
  expect((await plugin.child.ended).exitCode).toBe(16);
});

const RECEIVER = `
export const init = () => fetch(process.env.LATCH + '/init');
export const hello = (ctx, data) => { console.log('got ' + data.id); };`;

test.each(['http', 'grpc'] as const)(
  'a plugin that takes messages gets them once it is ready, app channel %s',
  async (protocol) => {
    const latch = await startLatch();
    const orders = { componentName: 'events', componentType: 'pubsub.in-memory', uri: 'orders' };
    const context = { name: 'receiver', version: 'v2.0.0', runtime: 'Async', inputs: { orders } };
    const [router, { child, daprd }] = await Promise.all([
      startKeelRouter(),
      runPlugin(RECEIVER, {
        id: 'acme-receiver',
        protocol,
        isHeld: true,
        args: ['--target', 'hello', '--signature-type', 'openfunction'],
        env: { LATCH: latch.url, FUNC_CONTEXT: JSON.stringify(context) },
        components: [{ name: 'events', type: 'pubsub.in-memory' }],
      }),
    ]);
    await latch.arrived('/init');
    await expect.poll(() => router.refresh('acme-receiver'), { timeout: 10_000 }).toBe('STARTING');
    const publish = (id: number) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id }) };
      return fetch(`${daprd.url}/v1.0/publish/events/orders`, init);
    };
    // Over HTTP the sidecar only learns of the topic once the function is ready.
    if (protocol === 'grpc') {
      await daprd.waitReady();
      await publish(1);
    }
    expect(await router.refresh('acme-receiver')).toBe('STARTING');
    expect(child.output()).not.toContain('got');
    await latch.release('/init');
    await daprd.waitReady();
    await publish(2);
    const printed = await child.printed('got 2');
    expect(printed.includes('got 1')).toBe(protocol === 'grpc');
    expect(await router.refresh('acme-receiver')).toBe('ACTIVE');
  },
);
