import { expect, test } from 'vitest';
import { ConfCache, type NamedValue } from '../../../../src/apisix/server/conf-cache.ts';
import { definePlugin, type Plugin } from '../../../../src/apisix/plugin.ts';

const BOTH: readonly NamedValue[] = [
  ['echo', '1'],
  ['echo', '2'],
];

function makeCache(more: { limit?: number; firstToken?: number; plugin?: Partial<Plugin> } = {}) {
  const disposed: unknown[] = [];
  const logged: string[] = [];
  const clock = { now: 0 };
  const echo = definePlugin({
    name: 'echo',
    requestFilter() {},
    dispose: (conf: unknown) => void disposed.push(conf),
    ...more.plugin,
  });
  const write = (line: string): void => void logged.push(line);
  const cache = new ConfCache({
    plugins: new Map([['echo', echo]]),
    ttl: 1000,
    limit: more.limit ?? 10,
    firstToken: more.firstToken ?? 100,
    now: () => clock.now,
    log: { debug: write, info: write, warn: write, error: write },
  });
  return { cache, disposed, logged, clock };
}

test('a key and its values have one token, and the plugins run in their order, twice where they stand twice', () => {
  const { cache } = makeCache();
  const token = cache.prepare('route#1', BOTH);
  expect(cache.prepare('route#1', BOTH)).toBe(token);
  expect(cache.find(token)?.request.map(({ conf }) => conf)).toEqual([1, 2]);
  expect(cache.find(token)?.response).toEqual([]);
  expect(cache.find(token + 1)).toBeUndefined();
  expect(cache.size).toBe(1);
});

test('other values under the key, another order, and no key at all have new tokens', () => {
  const { cache } = makeCache();
  const tokens = [
    cache.prepare('k', BOTH),
    cache.prepare('k', BOTH.toReversed()),
    cache.prepare('', BOTH),
    cache.prepare('', BOTH),
    cache.prepare('k', []),
  ];
  expect(new Set(tokens).size).toBe(5);
  expect(cache.find(tokens[0] ?? 0)?.request.map(({ conf }) => conf)).toEqual([1, 2]);
});

test('tokens go on from the first, over the end, and are never 0 or one that is in use', () => {
  const { cache } = makeCache({ firstToken: 2 ** 32 - 1 });
  expect([cache.prepare('', []), cache.prepare('', []), cache.prepare('', [])]).toEqual([2 ** 32 - 1, 1, 2]);
});

test('what nobody asks for is dropped after its time, and what somebody asks for is not', () => {
  const { cache, clock, disposed } = makeCache();
  const [used, prepared, unused] = [
    cache.prepare('a', BOTH),
    cache.prepare('b', [['echo', '3']]),
    cache.prepare('c', [['echo', '4']]),
  ];
  clock.now = 900;
  cache.find(used);
  cache.prepare('b', [['echo', '3']]);
  clock.now = 1500;
  cache.sweep();
  expect([used, prepared, unused].map((token) => cache.find(token) !== undefined)).toEqual([true, true, false]);
  expect(disposed).toEqual([4]);
  // The key is free again.
  expect(cache.prepare('c', [['echo', '4']])).not.toBe(unused);
});

test('above its limit the cache drops what was asked for the longest time ago', () => {
  const { cache, clock, disposed } = makeCache({ limit: 2 });
  const first = cache.prepare('a', [['echo', '1']]);
  clock.now = 1;
  const second = cache.prepare('b', [['echo', '2']]);
  clock.now = 2;
  cache.find(first);
  clock.now = 3;
  cache.prepare('c', [['echo', '3']]);
  expect(cache.find(second)).toBeUndefined();
  expect(cache.size).toBe(2);
  expect(disposed).toEqual([2]);
});

test('plugins that there are not, and values that can not be read, are left out and logged', () => {
  const { cache, logged } = makeCache();
  const token = cache.prepare('k', [
    ['nobody', '{}'],
    ['echo', '{"token": "secret'],
    ['echo', '5'],
  ]);
  expect(cache.find(token)?.request.map(({ conf }) => conf)).toEqual([5]);
  expect(logged).toEqual([
    'There is no plugin "nobody"; the route runs without it.',
    `Couldn't read the configuration of the plugin "echo", so that the route runs without it: Couldn't read the value: it is no JSON.`,
  ]);
});

test('a parser that waits is refused, and what it rejects with concerns nobody', () => {
  const { cache, logged } = makeCache({ plugin: { parseConf: async () => Promise.reject(new Error('late')) } });
  expect(cache.find(cache.prepare('k', BOTH))?.request).toEqual([]);
  expect(logged[0]).toContain('it is async');
});

test('everything is freed at the end, also when some of it fails', async () => {
  const freed: unknown[] = [];
  const { cache, logged } = makeCache({
    plugin: {
      dispose(conf) {
        freed.push(conf);
        if (conf === 1) throw new Error('stuck');
      },
    },
  });
  cache.prepare('k', BOTH);
  await cache.clear();
  expect(freed).toEqual([1, 2]);
  expect(cache.size).toBe(0);
  expect(logged).toEqual([`Couldn't dispose of a configuration of the plugin "echo": stuck`]);
});
