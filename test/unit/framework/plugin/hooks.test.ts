import { expect, test } from 'vitest';
import { bindRuntime } from '../../../../src/framework/context/bind-runtime.ts';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { makeServicesOf } from '../../../../src/framework/context/services.ts';
import { Out } from '../../../../src/framework/context/out.ts';
import { HookAbort, Plugin, type PluginLike, type PluginMap } from '../../../../src/framework/index.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';
import { loadedOf } from '../../../../src/framework/plugin/find-plugins.ts';
import { makeHooks, type HookOrder, type WatchHook } from '../../../../src/framework/plugin/hooks.ts';

type Ctx = OpenFunctionInvocation;

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const Runtime = bindRuntime(makeServicesOf(undefined, readPlatform({}), silent)('fn'));

/** Plugins, objects or classes, around calls; what they log without frames. */
function hooksOf(plugins: readonly unknown[], order?: Partial<HookOrder>, watch?: WatchHook) {
  const logged: string[] = [];
  const error = (line: string): void => void logged.push(line.replaceAll(/\n +at .*/g, ''));
  const loaded = new Map(plugins.flatMap(loadedOf).map((one) => [one.plugin.name, one]));
  const all = [...loaded.keys()];
  const { around, plugin } = makeHooks(loaded, { error }, watch);
  const run = around({ pre: all, post: all, ...order });
  const call = async (fn: (ctx: Ctx) => unknown = () => {}, ctx: Ctx = new Runtime()): Promise<unknown> =>
    run(ctx, () => fn(ctx));
  return { call, logged, plugin };
}

/** A plugin that notes when it runs. */
function noting(name: string, notes: string[]): PluginLike {
  const note = (what: string) => async () => {
    await new Promise(setImmediate);
    notes.push(`${what} ${name}`);
  };
  return { name, execPreHook: note('pre'), execPostHook: note('post') };
}

test.each<[string, Partial<HookOrder>, string]>([
  ['in the order they were loaded', {}, 'pre a, pre b, call, post a, post b'],
  [
    'in the order given, also after the call',
    { pre: ['b', 'a'], post: ['b', 'a'] },
    'pre b, pre a, call, post b, post a',
  ],
  [
    'as often as they are listed',
    { pre: ['a', 'a'], post: ['b', 'a', 'b'] },
    'pre a, pre a, call, post b, post a, post b',
  ],
  ['not at all', { pre: [], post: [] }, 'call'],
])('hooks run one after the other: %s', async (_, order, expected) => {
  const notes: string[] = [];
  const { call } = hooksOf([noting('a', notes), noting('b', notes)], order);
  await call(() => void notes.push('call'));
  expect(notes.join(', ')).toBe(expected);
});

test('hooks see and change what goes in and what comes out', async () => {
  const plugin = {
    name: 'a',
    execPreHook: (ctx: Ctx) => void (ctx.data = [ctx.data, 'pre']),
    execPostHook: (ctx: Ctx) => void (ctx.result = [ctx.result, 'post']),
  };
  const ctx = new Runtime();
  ctx.data = 'in';
  const { call } = hooksOf([plugin, { ...plugin, name: 'b' }]);
  expect(await call((one) => [one.data, 'called'], ctx)).toEqual([
    [[[['in', 'pre'], 'pre'], 'called'], 'post'],
    'post',
  ]);
});

test('hooks get all plugins by name, and their order', async () => {
  const seen: unknown[] = [];
  const watcher = {
    name: 'watcher',
    execPreHook: (_ctx: Ctx, plugins: PluginMap) => void seen.push(plugins._seq, plugins['other']?.get?.('state.n')),
  };
  class Other extends Plugin {
    readonly state = { n: 5 };
    override async execPostHook(_ctx: Ctx, plugins: PluginMap): Promise<void> {
      seen.push(plugins['other'] === this, Object.keys(plugins));
    }
  }
  const { call } = hooksOf([watcher, new Other('other')], { pre: ['watcher'] });
  await call();
  expect(seen).toEqual([['watcher', 'other'], 5, true, ['watcher', 'other', '_seq']]);
});

test('a hook that fails is told of and harms nothing', async () => {
  const bad = {
    name: 'bad',
    async execPreHook() {
      throw new Error('before');
    },
    execPostHook() {
      throw 'after';
    },
  };
  const notes: string[] = [];
  const { call, logged } = hooksOf([bad, noting('good', notes)]);
  expect(await call(() => 'result')).toBe('result');
  expect(notes).toEqual(['pre good', 'post good']);
  expect(logged).toEqual([
    'Failed to invoke "execPreHook" of plugin "bad"\nDetailed stack trace: Error: before',
    'Failed to invoke "execPostHook" of plugin "bad"\nDetailed stack trace: after',
  ]);
});

const fails = (thrown: unknown) => () => {
  throw thrown;
};
const after = (execPostHook: (ctx: Ctx) => void) => [{ name: 'a', execPostHook }];

test.each<[string, (ctx: Ctx) => unknown, (ctx: Ctx) => void, unknown]>([
  ['sees a failure, which stays', fails(new Error('boom')), () => {}, 'Error: boom'],
  ['replaces a failure', fails(new Error('boom')), (ctx) => void (ctx.error = new Error('other')), 'Error: other'],
  ['makes a success a failure', () => 'fine', (ctx) => void (ctx.error = new Error('not so')), 'Error: not so'],
])('a post hook %s', async (_, fn, hook, expected) => {
  await expect(hooksOf(after(hook)).call(fn).catch(String)).resolves.toBe(expected);
});

test.each<[string, unknown, string]>([
  ['an error', new Error('boom'), 'boom'],
  ['text', 'boom', 'boom'],
  ['what has no text', Object.create(null), 'a value that can not be shown'],
])('post hooks see %s that a function threw, and its caller gets it', async (_, thrown, message) => {
  const seen: unknown[] = [];
  await expect(hooksOf(after((ctx) => void seen.push(ctx.error?.message))).call(fails(thrown))).rejects.toBe(thrown);
  expect(seen).toEqual([message]);
});

test.each([undefined, null])('a post hook clears a failure with %s, and says what is answered', async (none) => {
  const clear = (ctx: Ctx): void => void Object.assign(ctx, { error: none, result: 'instead' });
  expect(await hooksOf(after(clear)).call(fails(new Error('boom')))).toBe('instead');
});

test('what a function or a pre hook notes as error fails nothing', async () => {
  const noted = (ctx: Ctx): unknown => ctx.WithError(new Error('noted')) && 'fine';
  expect(await hooksOf(after(() => {})).call(noted)).toBe('fine');
  expect(await hooksOf([{ name: 'a', execPreHook: noted }]).call(() => 'fine')).toBe('fine');
});

test('a result that a hook has replaced goes before the outcome that the function noted', async () => {
  const ctx = new Runtime();
  expect(await hooksOf(after((one) => void (one.result = 'new'))).call((one) => one.success('old'), ctx)).toBe('new');
  expect(ctx.out).toBeUndefined();
  const kept = new Runtime();
  await hooksOf(after(() => {})).call((one) => void one.success('old'), kept);
  expect(kept.out).toEqual(new Out(200, 'old'));
  const failed = new Runtime();
  await hooksOf(after((one) => void Object.assign(one, { result: 'x', out: one.fail('boom') }))).call(
    () => 'old',
    failed,
  );
  expect(failed.out?.code).toBe(500);
});

test('a HookAbort keeps the function and later pre hooks from running; post hooks run', async () => {
  const notes: string[] = [];
  const abort = new HookAbort(401, { error: 'no token' });
  const guard = { name: 'guard', execPreHook: fails(abort) };
  const { call, logged } = hooksOf([noting('a', notes), guard, noting('b', notes)]);
  await expect(call(() => notes.push('call'))).rejects.toBe(abort);
  expect([notes, logged]).toEqual([['pre a', 'post a', 'post b'], []]);
});

test('a HookAbort of a post hook is a failure of that hook', async () => {
  const { call, logged } = hooksOf(after(fails(new HookAbort())));
  expect(await call(() => 'fine')).toBe('fine');
  expect(logged).toEqual([expect.stringContaining('HookAbort: A hook ended the call with 403.')]);
});

test.each<[unknown, number]>([
  [undefined, 403],
  [302, 302],
  [99, 500],
  [600, 500],
  [4.5, 500],
  ['401', 500],
])('the status of a HookAbort: %j', (code, expected) => {
  expect(Reflect.construct(HookAbort, [code]).code).toBe(expected);
});

class Own extends Plugin {
  static override readonly scope: 'process' | 'request' = 'request';
  static made = 0;
  readonly notes: unknown[] = [];
  constructor() {
    super('own');
    Own.made += 1;
  }
  override async init(): Promise<void> {
    await new Promise(setImmediate);
    this.notes.push('init');
  }
  override async execPreHook(ctx: Ctx): Promise<void> {
    this.notes.push(ctx.data);
    await new Promise(setImmediate);
  }
  override async execPostHook(ctx: Ctx): Promise<void> {
    ctx.result = this.notes;
  }
}

test('with the scope of a request each call has an instance of its own, its init awaited', async () => {
  const { call, plugin } = hooksOf([Own]);
  const contexts = Array.from({ length: 20 }, (_, data) => Object.assign(new Runtime(), { data }));
  const before = Own.made;
  const found: unknown[] = [];
  const fn = (ctx: Ctx): void => void found.push(plugin('own', ctx)?.get?.('notes'));
  const results = await Promise.all(contexts.map((ctx) => call(fn, ctx)));
  expect(results).toEqual(contexts.map(({ data }) => ['init', data]));
  expect(found).toEqual(results);
  expect(Own.made - before).toBe(20);
});

test('one instance serves all calls where nothing else is said', async () => {
  class Counter extends Plugin {
    count = 0;
    override async execPreHook(): Promise<void> {
      this.count += 1;
    }
  }
  const counter = new Counter('counter');
  const { call, plugin } = hooksOf([counter]);
  await Promise.all([call(), call(), call()]);
  expect([counter.count, plugin('counter', new Runtime()) === counter]).toEqual([3, true]);
  expect(plugin('_seq', new Runtime()) ?? plugin('toString', new Runtime())).toBeUndefined();
});

test.each<[string, () => void]>([
  ['constructor', () => {}],
  ['init', () => {}],
])('an instance whose %s fails is told of, and left out of its call', async (where) => {
  let isBad = false;
  class Bad extends Plugin {
    static override readonly scope: 'process' | 'request' = 'request';
    constructor() {
      super('bad');
      if (isBad && where === 'constructor') throw new Error('boom');
    }
    override async init(): Promise<void> {
      if (isBad) throw new Error('boom');
    }
    override async execPostHook(ctx: Ctx): Promise<void> {
      ctx.result = 'hooked';
    }
  }
  const { call, logged } = hooksOf([Bad]);
  expect(await call(() => 'x')).toBe('hooked');
  isBad = true;
  expect(await call(() => 'x')).toBe('x');
  expect(logged).toEqual(['Failed to invoke "init" of plugin "bad"\nDetailed stack trace: Error: boom']);
});

test('something may watch each hook', async () => {
  const watched: string[] = [];
  const watch: WatchHook = (_ctx, plugin, hook, run) => {
    watched.push(`${plugin} ${hook}`);
    return run();
  };
  await hooksOf([noting('a', [])], {}, watch).call();
  expect(watched).toEqual(['a execPreHook', 'a execPostHook']);
});
