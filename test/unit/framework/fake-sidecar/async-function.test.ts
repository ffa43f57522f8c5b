import { describe, expect, onTestFinished, test } from 'vitest';
import { cloudEvent, openfunction, type OpenFunction } from '../../../../src/framework/index.ts';
import { startAsyncFunction, type AsyncFunctionOptions } from '../../../../src/framework/testing.ts';

const context = {
  inputs: {
    cron: { componentName: 'every-minute', componentType: 'bindings.cron' },
    orders: { componentName: 'events', componentType: 'pubsub.redis', uri: 'orders' },
  },
  outputs: {
    mail: { componentName: 'smtp', componentType: 'bindings.smtp', operation: 'create', metadata: { to: 'me' } },
    done: { componentName: 'events', componentType: 'pubsub.redis', uri: 'done' },
  },
  states: { db: { componentName: 'redis', componentType: 'state.redis' } },
};

/** Fails as often as told. */
function failing(times: number, error: unknown = new Error('not yet')): OpenFunction {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw error;
  };
}

describe.each(['http', 'grpc'] as const)('over %s', (protocol) => {
  async function start(target: OpenFunction | string, options: Partial<AsyncFunctionOptions> = {}) {
    const fn = await startAsyncFunction(target, { context, protocol, ...options });
    onTestFinished(() => fn.close());
    return fn;
  }

  test('messages of topics and of bindings arrive, and outputs are recorded', async () => {
    const seen: unknown[] = [];
    const fn = await start(async (ctx, data) => {
      seen.push([ctx.inputName, data]);
      await ctx.send({ got: data });
    });
    expect(await fn.publish('orders', { id: 1 })).toMatchObject({ outcome: 'SUCCESS', attempts: 1, topic: 'orders' });
    expect(await fn.trigger('cron')).toEqual({ ok: true, status: protocol === 'http' ? 200 : 0, body: '' });
    expect(seen).toEqual([
      ['orders', { id: 1 }],
      ['cron', {}],
    ]);
    expect(fn.sent('mail')).toEqual([
      { operation: 'create', data: { got: { id: 1 } }, metadata: { to: 'me' } },
      { operation: 'create', data: { got: {} }, metadata: { to: 'me' } },
    ]);
    expect(fn.sent('done')).toEqual([{ data: { got: { id: 1 } } }, { data: { got: {} } }]);
  });

  test('what a function sends without waiting is waited for', async () => {
    const fn = await start((ctx, data) => void ctx.send(data, 'mail'));
    await fn.publish('orders', 'a');
    await fn.idle();
    expect(fn.sent('mail')).toMatchObject([{ data: 'a' }]);
  });

  test('a message is delivered again until it succeeds', async () => {
    const fn = await start(failing(2));
    expect(await fn.publish('orders', 1)).toMatchObject({ outcome: 'SUCCESS', attempts: 3 });
    expect(fn.errors).toEqual([expect.stringContaining('Error: not yet'), expect.stringContaining('Error: not yet')]);
  });

  test('a message that fails for good is told of, and so is why', async () => {
    const fn = await start(failing(9), { retries: { attempts: 2 } });
    const delivery = await fn.publish('orders', 1);
    expect(delivery).toMatchObject({ outcome: 'RETRY', attempts: 2, event: { data: 1, topic: 'orders' } });
    expect(delivery.reason).toBe('the app answered with the status "RETRY"');
    expect(fn.deadLetters).toEqual([]);
    expect((await fn.trigger('cron')).ok).toBe(false);
  });

  test('a bulk does not wait as long as it might', async () => {
    const metadata = { 'bulkSubscribe.enabled': 'true', 'bulkSubscribe.maxAwaitDurationMs': '60000' };
    const inputs = { orders: { ...context.inputs.orders, metadata } };
    const fn = await start(() => {}, { context: { ...context, inputs } });
    expect(await fn.publish('orders', 1)).toMatchObject({ outcome: 'SUCCESS', attempts: 1 });
  });

  test('data that is no text although its type says so has no place in gRPC', async () => {
    const fn = await start(() => {});
    const event = {
      specversion: '1.0',
      id: '1',
      source: 's',
      type: 't',
      datacontenttype: 'text/plain',
      data: { n: 1 },
    };
    const { outcome, reason } = await fn.publish('orders', event);
    const unfit = ['RETRY', 'unexpected data type encountered in envelope'];
    expect([outcome, reason]).toEqual(protocol === 'http' ? ['SUCCESS', undefined] : unfit);
  });

  test('dead letters', async () => {
    const { orders } = context.inputs;
    const inputs = {
      orders: { ...orders, metadata: { deadLetterTopic: 'dead' } },
      dead: { componentName: 'events', componentType: 'pubsub.redis', uri: 'dead' },
    };
    const seen: unknown[] = [];
    const fn = await start(
      (ctx, data) => {
        if (ctx.inputName === 'dead') seen.push(data);
        else if (data === 'drop') return { status: 'DROP' };
        else throw new Error('never');
        return undefined;
      },
      { context: { ...context, inputs }, retries: { attempts: 2, pause: 1 } },
    );
    expect(await fn.publish('orders', 'drop')).toMatchObject({ outcome: 'DROP', attempts: 1, deadLetterTopic: 'dead' });
    expect(await fn.publish('orders', 'throw')).toMatchObject({
      outcome: 'RETRY',
      attempts: 2,
      deadLetterTopic: 'dead',
    });
    await fn.idle();
    expect(seen).toEqual(['drop', 'throw']);
    expect(fn.deadLetters.map(({ event }) => event['data'])).toEqual(['drop', 'throw']);
  });

  test('states, secrets, other apps and answers of bindings', async () => {
    const fn = await start(
      async (ctx) => {
        const { count } = (await ctx.state.get({ key: 'counter' })) as { count: number };
        await ctx.state.save({ items: [{ key: 'counter', value: { count: count + 1 } }] });
        const [mailed] = await ctx.send('hello', 'mail');
        const greeting = await ctx.invoke('greeter', 'greet?lang=en', { name: 'you' });
        const secret = await ctx.dapr.getSecret('vault', 'password');
        await ctx.publish('events', 'done', { mailed, greeting, secret });
      },
      {
        secrets: { vault: { password: 'open sesame' } },
        bindings: { smtp: ({ data }) => ({ sent: data }) },
        apps: {
          greeter: async (request) =>
            Response.json({ url: request.url, ...((await request.json()) as object) }, { headers: { 'x-a': 'b' } }),
        },
      },
    );
    fn.state().set('counter', { count: 4 });
    expect(await fn.trigger('cron')).toMatchObject({ ok: true });
    expect(fn.state('db').get('counter')).toEqual({ count: 5 });
    expect(fn.sent('done')).toEqual([
      {
        data: {
          mailed: { status: 'fulfilled', value: { sent: 'hello' } },
          greeting: { url: 'http://greeter/greet?lang=en', name: 'you' },
          secret: { password: 'open sesame' },
        },
      },
    ]);
  });

  test('a binding that fails', async () => {
    const results: unknown[] = [];
    const fn = await start(async (ctx) => void results.push(...(await ctx.send(1, 'mail'))), {
      bindings: {
        smtp() {
          throw Object.assign(new Error('full'), { status: 503 });
        },
      },
    });
    await fn.trigger('cron');
    const message = 'error invoking output binding smtp: full';
    expect(results).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'ERR_INVOKE_OUTPUT_BINDING', status: 503 }) },
    ]);
    expect(JSON.stringify(results[0])).not.toBe(message);
  });

  test('declared functions are found by their names', async () => {
    const seen: unknown[] = [];
    openfunction('on-order', (_ctx, data: unknown) => void seen.push(data));
    cloudEvent('on-event', ({ type, data }) => void seen.push([type, data]));
    await (await start('on-order')).publish('orders', 'a');
    await (await start('on-event')).publish('orders', 'b', { metadata: { 'cloudevent.type': 'my.type' } });
    expect(seen).toEqual(['a', ['my.type', 'b']]);
  });

  test('tokens go both ways', async () => {
    const fn = await start((ctx, data) => ctx.send(data), { apiToken: 'in', appToken: 'out' });
    await fn.publish('orders', 1);
    expect(fn.sent('done')).toEqual([{ data: 1 }]);
    expect((await fetch(`${fn.sidecar.url}/v1.0/metadata`)).status).toBe(401);
    expect((await fetch(`http://127.0.0.1:${fn.port}/dapr/subscribe`)).status).toBe(401);
  });

  test('what is not there is told with what is', async () => {
    const fn = await start(() => {});
    const problem = async (act: () => unknown) => {
      try {
        return await act();
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect([
      await problem(() => fn.publish('order', 1)),
      await problem(() => fn.trigger('orders')),
      await problem(() => fn.sent('nothing')),
      await problem(() => fn.state('nothing')),
      await problem(() => fn.sidecar.trigger('smtp')),
      await problem(() => fn.sidecar.publish('nobody', 'a', 1)),
      await problem(() => start('undeclared')),
    ]).toMatchInlineSnapshot(`
    [
      "The function context has no input of pubsub "order"; there are: orders.",
      "The function context has no input of bindings "orders"; there are: cron.",
      "The function context has no output "nothing"; there are: mail, done.",
      "The function context has no state "nothing"; there are: db.",
      "No app listens to the input binding "smtp"; there are: every-minute.",
      "pubsub nobody is not found",
      "No function is declared under the name "undeclared"; there are: on-order, on-event.",
    ]
  `);
  });

  test('messages that are still under way are named', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fn = await start(() => promise);
    const delivered = fn.publish('orders', 1);
    await expect(fn.idle(20)).rejects.toThrow('After 20 ms there was still under way: a message of events/orders.');
    resolve();
    await fn.idle();
    expect(await delivered).toMatchObject({ outcome: 'SUCCESS' });
  });

  test('a function that is closed with a message in flight', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fn = await start(() => promise);
    const delivered = fn.publish('orders', 1);
    await fn.close();
    resolve();
    expect(await delivered).toMatchObject({ outcome: 'RETRY' });
  });
});
