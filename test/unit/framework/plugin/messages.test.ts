import { describe, expect, onTestFinished, test } from 'vitest';
import { cloudEvent, type CloudEvent, type OpenFunction } from '../../../../src/framework/index.ts';
import { startAsyncFunction } from '../../../../src/framework/testing.ts';
import { makeFolder } from '../../../support/workspace.ts';

const HOOK_ABORT = new URL('../../../../src/framework/plugin/hook-abort.ts', import.meta.url).href;
const PLUGIN = `import { HookAbort } from '${HOOK_ABORT}';
export const plugin = {
  name: 'plugin',
  execPreHook(ctx) {
    if (ctx.data.abort) throw new HookAbort(ctx.data.abort, 'the answer');
    ctx.data.seen = [ctx.inputName, ctx.data.id];
  },
  async execPostHook(ctx) {
    if (ctx.error?.message === 'forgiven') ctx.error = undefined;
    if (ctx.data.drop) ctx.result = { status: 'DROP' };
    await ctx.send([ctx.error?.message, ctx.result], 'log');
  },
};`;

const context = {
  inputs: {
    cron: { componentName: 'every-minute', componentType: 'bindings.cron' },
    orders: { componentName: 'events', componentType: 'pubsub.redis', uri: 'orders' },
  },
  outputs: { log: { componentName: 'file', componentType: 'bindings.localstorage', operation: 'create' } },
};

describe.each(['http', 'grpc'] as const)('over %s', (protocol) => {
  async function start(target: OpenFunction | string, lists: object = {}) {
    const env = { FUNC_PLUGINS_DIR: makeFolder({ 'plugin.mjs': PLUGIN }) };
    const fn = await startAsyncFunction(target, { context: { ...context, ...lists }, protocol, env });
    onTestFinished(() => fn.close());
    return fn;
  }

  test('hooks run around messages of topics and of bindings', async () => {
    const fn = await start((_ctx, data: { seen: unknown }) => data.seen);
    await fn.publish('orders', { id: 1 });
    await fn.trigger('cron', { id: 2 });
    expect(fn.sent('log').map(({ data }) => data)).toEqual([
      [null, ['orders', 1]],
      [null, ['cron', 2]],
    ]);
  });

  test('a post hook forgives a failure, or decides what becomes of a message', async () => {
    const fn = await start((_ctx, { message }: { message?: string }) => {
      if (message !== undefined) throw new Error(message);
    });
    expect(await fn.publish('orders', { message: 'forgiven' })).toMatchObject({ outcome: 'SUCCESS', attempts: 1 });
    expect(await fn.publish('orders', { drop: true })).toMatchObject({ outcome: 'DROP', attempts: 1 });
    expect((await fn.trigger('cron', { message: 'not forgiven' })).ok).toBe(false);
  });

  test('a HookAbort below 400 is a success, below 500 drops the message, and else has it delivered again', async () => {
    const called: unknown[] = [];
    const fn = await start((_ctx, data) => void called.push(data));
    expect(await fn.publish('orders', { abort: 200 })).toMatchObject({ outcome: 'SUCCESS', attempts: 1 });
    expect(await fn.publish('orders', { abort: 403 })).toMatchObject({ outcome: 'DROP', attempts: 1 });
    const retried = await fn.publish('orders', { abort: 503 });
    expect([retried.attempts > 1, called]).toEqual([true, []]);
    expect((await fn.trigger('cron', { abort: 503 })).ok).toBe(false);
    const well = await fn.trigger('cron', { abort: 200 });
    expect([well.ok, well.body]).toEqual([true, protocol === 'grpc' ? 'the answer' : '']);
    expect(fn.errors).toEqual([]);
  });

  test('a declared function of CloudEvents has hooks where the context lists them', async () => {
    const seen: unknown[] = [];
    cloudEvent('plain', (event: CloudEvent<{ id: number }>) => void seen.push(event['seen']));
    const without = await start('plain');
    await without.publish('orders', { id: 1 });
    const withHooks = await start('plain', { prePlugins: ['plugin'] });
    await withHooks.publish('orders', { id: 2 });
    expect(seen).toEqual([undefined, ['orders', expect.any(String)]]);
    expect([without.sent('log'), withHooks.sent('log')]).toEqual([[], []]);
  });
});
