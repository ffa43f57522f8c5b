import { expect, test } from 'vitest';
import {
  HookAbort,
  openfunction,
  Plugin,
  type OpenFunction,
  type PluginLike,
} from '../../../../src/framework/index.ts';
import { getFunction, runPlugin } from '../../../../src/framework/testing.ts';

const guard: PluginLike = {
  name: 'guard',
  execPreHook(ctx) {
    ctx.res?.set('x-name', ctx.name ?? '');
    if (ctx.req?.get('authorization') !== 'Bearer x') throw new HookAbort(401, 'no token');
  },
};

test('a call that a plugin lets through, and one that it does not', async () => {
  const headers = { authorization: 'Bearer x' };
  const through = await runPlugin(guard, { request: { headers }, data: 5, result: 'fine', context: { name: 'fn' } });
  expect([through.called, through.result, through.ctx.res.get('x-name')]).toEqual([true, 'fine', 'fn']);
  expect([through.ctx.req.method, through.ctx.req.body, through.ctx.data]).toEqual(['POST', 5, 5]);
  const kept = await runPlugin(guard);
  expect(kept).toMatchObject({ called: false, result: undefined, error: { code: 401, body: 'no token' }, logged: [] });
});

test('a plugin sees a failure, and its class is made and initialised as by the server', async () => {
  class Forgiving extends Plugin {
    excuse = '';
    constructor() {
      super('forgiving');
    }
    override async init(): Promise<void> {
      this.excuse = 'sorry';
    }
    override async execPostHook(ctx: Parameters<NonNullable<PluginLike['execPostHook']>>[0]): Promise<void> {
      ctx.result = [this.excuse, ctx.error?.message, ctx.getPlugin('forgiving') === this];
      ctx.error = undefined;
    }
  }
  const { result } = await runPlugin(Forgiving, { error: new Error('boom') });
  expect(result).toEqual(['sorry', 'boom', true]);
  expect((await runPlugin(guard, { request: { headers: { authorization: 'Bearer x' } }, error: 'boom' })).error).toBe(
    'boom',
  );
});

test('several plugins around a declared function; hooks that fail are in the log', async () => {
  openfunction('double', (_ctx, data: number) => data * 2);
  const add: PluginLike = { name: 'add', execPreHook: (ctx) => void (ctx.data = Number(ctx.data) + 1) };
  const bad: PluginLike = {
    name: 'bad',
    execPostHook() {
      throw new Error('boom');
    },
  };
  const { result, logged } = await runPlugin([add, bad], { data: 1, call: getFunction('double') as OpenFunction });
  expect([result, logged]).toEqual([4, [expect.stringContaining('Failed to invoke "execPostHook" of plugin "bad"')]]);
});

test('what is no plugin is refused', async () => {
  await expect(runPlugin({ name: 'x' })).rejects.toThrow(
    'A plugin has a name and at least one of execPreHook and execPostHook.',
  );
});
