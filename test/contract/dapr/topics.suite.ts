import { expect, test } from 'vitest';
import { startCase, type Case, type Setup } from './app.ts';
import type { Engine, Protocol } from './engine.ts';

const RETRIES = { components: ['events'], attempts: 4, pause: 10 };

/** What functions that listen to topics can rely on. */
export function testTopics(makeEngine: () => Engine, protocol: Protocol): void {
  const start = async (type: string, metadata: Readonly<Record<string, string>> = {}, more: Partial<Setup> = {}) => {
    const engine = makeEngine();
    const component = await engine.store('events', type);
    const orders = { component, uri: 'orders', metadata };
    return startCase(engine, protocol, {
      inputs: { orders },
      retries: RETRIES,
      ...more,
      ...deadOf(component, metadata),
    });
  };
  const { brokers } = makeEngine();

  test.each(brokers)('%s: values of all types arrive as they are', async (type) => {
    const { app, publish } = await start(type);
    const values = [{ a: [1, { b: null }] }, [1], 'text', 0, 1.5, false, true, '', null];
    for (const [index, value] of values.entries()) {
      expect(await publish('events/orders', value)).toBe(204);
      await app.lines('GOT', index + 1);
    }
    await publish('events/orders', 'plain å', 'text/plain; charset=utf-8');
    await app.lines('GOT', values.length + 1);
    await publish('events/orders', Buffer.from([0, 255, 128]), 'application/octet-stream');
    const got = await app.lines('GOT', values.length + 2);
    expect(got.map(({ data }) => data)).toEqual([...values, 'plain å', { base64: 'AP+A' }]);
    expect(got[0]).toMatchObject({ input: 'orders', type: 'com.dapr.event.sent', source: 'app' });
  });

  test.each(brokers)('%s: a CloudEvent stays the one that it was', async (type) => {
    const { app, publish } = await start(type);
    const event = { specversion: '1.0', id: '7', source: '/shop', type: 'order.made', data: { n: 1 } };
    const typed = { ...event, datacontenttype: 'application/json' };
    expect(await publish('events/orders', typed, 'application/cloudevents+json')).toBe(204);
    expect(await app.lines('GOT', 1)).toEqual([
      { input: 'orders', id: '7', source: '/shop', type: 'order.made', data: { n: 1 } },
    ]);
  });

  test.each(brokers)('%s: raw payloads are bytes', async (type) => {
    const { app, publish } = await start(type, { rawPayload: 'true' });
    await publish('events/orders?metadata.rawPayload=true', '{"no":"envelope"}', 'text/plain');
    const [got] = await app.lines('GOT', 1);
    expect(got.data).toEqual({ base64: Buffer.from('{"no":"envelope"}').toString('base64') });
  });

  test.each(brokers)(
    '%s: a message that fails comes again until it succeeds, and the next is not hurt',
    async (type) => {
      const { app, publish } = await start(type);
      await publish('events/orders', { do: 'fail', name: 'a', times: 3 });
      expect(attemptsOf(await app.lines('GOT', 4))).toEqual({ a: 4 });
      await publish('events/orders', { do: 'fail', name: 'b', times: 0 });
      await publish('events/orders', { do: 'retry', name: 'c' });
      expect(attemptsOf(await app.lines('GOT', 7))).toMatchObject({ a: 4, b: 1 });
    },
  );

  test.each(brokers)('%s: a message that is dropped does not come again', async (type) => {
    const { app, publish } = await start(type);
    await publish('events/orders', { do: 'drop', name: 'a' });
    await app.lines('GOT', 1);
    for (const name of ['b', 'c']) await publish('events/orders', { do: 'fail', name, times: 1 });
    expect(attemptsOf(await app.lines('GOT', 5))).toEqual({ a: 1, b: 2, c: 2 });
  });

  test.each(brokers)('%s: of many messages none is lost, whichever fail', async (type) => {
    const { app, publish } = await start(type);
    const names = Array.from({ length: 60 }, (_, index) => `m${index}`);
    const isFailing = (index: number): boolean => index % 3 === 0;
    const sent = names.map((name, index) =>
      publish('events/orders', { do: 'fail', name, times: isFailing(index) ? 2 : 0 }),
    );
    expect(new Set(await Promise.all(sent))).toEqual(new Set([204]));
    const expected = names.map((name, index) => [name, isFailing(index) ? 3 : 1]);
    expect(attemptsOf(await app.lines('GOT', 100))).toEqual(Object.fromEntries(expected));
  });

  test.each(brokers)('%s: dead letters', async (type) => {
    const { app, publish } = await start(type, { deadLetterTopic: 'dead' });
    await publish('events/orders', { do: 'fail', name: 'a', times: 99 });
    const failed = await app.lines('GOT', 5);
    expect(failed.map(({ input }) => input)).toEqual(['orders', 'orders', 'orders', 'orders', 'dead']);
    await publish('events/orders', { do: 'drop', name: 'b' });
    const dropped = (await app.lines('GOT', 7)).slice(5);
    expect(dropped.map(({ input, data }) => [input, data.name])).toEqual([
      ['orders', 'b'],
      ['dead', 'b'],
    ]);
    expect(new Set(failed.map(({ id }) => id)).size).toBe(1);
  });

  test.each(brokers)('%s: several messages in one call', async (type) => {
    const bulk = { enabled: 'true', maxMessagesCount: '3', maxAwaitDurationMs: '50' };
    const metadata = Object.fromEntries(Object.entries(bulk).map(([name, value]) => [`bulkSubscribe.${name}`, value]));
    const { app, publish } = await start(type, metadata);
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => publish('events/orders', { do: 'fail', name, times: name === 'b' ? 1 : 0 })));
    const got = await app.lines('GOT', 5);
    expect(attemptsOf(got)).toEqual({ a: 1, b: 2, c: 1, d: 1 });
    expect(got[0]).toMatchObject({ input: 'orders', type: 'com.dapr.event.sent', source: 'app' });
  });

  test.each(brokers)('%s: what a function publishes arrives, at itself too', async (type) => {
    const engine = makeEngine();
    const component = await engine.store('events', type);
    const { app, publish } = await startCase(engine, protocol, {
      inputs: { orders: { component, uri: 'orders' }, bills: { component, uri: 'bills/eu 1' } },
      outputs: { billed: { component, uri: 'bills/eu 1' } },
    });
    await publish('events/orders', { do: 'send', payload: { price: 5 } });
    const got = await app.lines('GOT', 2);
    expect(got[1]).toMatchObject({ input: 'bills', data: { price: 5 } });
    expect(await app.lines('SENT', 1)).toEqual([[{ status: 'fulfilled', value: true }]]);
  });
}

/** Dead letters are read by an input of their own. */
function deadOf(
  component: Awaited<ReturnType<Engine['store']>>,
  metadata: Readonly<Record<string, string>>,
): Partial<Setup> {
  const { deadLetterTopic: uri } = metadata;
  const orders = { component, uri: 'orders', metadata };
  return uri === undefined ? {} : { inputs: { orders, dead: { component, uri } } };
}

function attemptsOf(got: Awaited<ReturnType<Case['app']['lines']>>): Record<string, number> {
  const attempts: Record<string, number> = {};
  for (const { data } of got) attempts[data.name] = (attempts[data.name] ?? 0) + 1;
  return attempts;
}
