import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startCase } from './app.ts';
import type { Engine, Protocol } from './engine.ts';

/** What functions can rely on of bindings, states, invocation and tokens. */
export function testComponents(makeEngine: () => Engine, protocol: Protocol): void {
  test('a timer triggers the function without data', async () => {
    const engine = makeEngine();
    const tick = engine.timer('tick');
    const { app } = await startCase(engine, protocol, { inputs: { clock: tick } });
    await tick.emit('');
    expect((await app.lines('GOT', 1))[0]).toMatchObject({ input: 'clock', data: {} });
  });

  test('messages of an input binding arrive, be they JSON, text or nothing', async () => {
    const engine = makeEngine();
    const sensors = await engine.mqtt('sensors');
    const { app } = await startCase(engine, protocol, { inputs: { sensors } });
    const payloads = ['{"degrees":5}', '17', 'line 1\nå', ''];
    for (const [index, payload] of payloads.entries()) {
      await sensors.emit(payload);
      await app.lines('GOT', index + 1);
    }
    const got = await app.lines('GOT', payloads.length);
    expect(got.map(({ input, data }) => [input, data])).toEqual([
      ['sensors', { degrees: 5 }],
      ['sensors', 17],
      ['sensors', 'line 1\nå'],
      ['sensors', {}],
    ]);
  });

  test('an event of a binding that fails does not hurt the next', async () => {
    const engine = makeEngine();
    const sensors = await engine.mqtt('sensors');
    const { app } = await startCase(engine, protocol, { inputs: { sensors } });
    await sensors.emit('{"do":"fail","name":"a","times":1}');
    await app.lines('GOT', 1);
    await sensors.emit('{"name":"b"}');
    expect((await app.lines('GOT', 2)).at(-1)).toMatchObject({ data: { name: 'b' } });
  });

  test('output bindings get what the function sends, and it gets their answers', async () => {
    const engine = makeEngine();
    const component = await engine.store('events', engine.brokers[0] ?? '');
    const [web, file] = [await engine.web('web'), engine.file('file')];
    const { app, publish } = await startCase(engine, protocol, {
      inputs: { orders: { component, uri: 'orders' } },
      outputs: {
        web: { component: web.component, operation: 'post' },
        file: { component: file.component, operation: 'create', metadata: { fileName: 'a.txt' } },
      },
    });
    await publish('events/orders', { do: 'send', payload: { n: 1 }, to: 'web' });
    expect(await app.lines('SENT', 1)).toEqual([[{ status: 'fulfilled', value: { stored: true } }]]);
    expect(await web.last()).toBe('{"n":1}');
    await publish('events/orders', { do: 'send', payload: 'a text', to: 'file' });
    expect((await app.lines('SENT', 2))[1]).toMatchObject([{ status: 'fulfilled' }]);
    expect(await file.last()).toBe('a text');
    await publish('events/orders', { do: 'send', payload: 1, to: 'nowhere' });
    expect((await app.lines('SENT', 3))[2]).toEqual([{ status: 'rejected', reason: 'output nowhere not found' }]);
  });

  test('an operation that is missing is refused', async () => {
    const engine = makeEngine();
    const component = await engine.store('events', engine.brokers[0] ?? '');
    const web = await engine.web('web');
    const { app, publish } = await startCase(engine, protocol, {
      inputs: { orders: { component, uri: 'orders' } },
      outputs: { web },
    });
    await publish('events/orders', { do: 'send', payload: 1 });
    const [[{ status, reason }]] = await app.lines('SENT', 1);
    expect([status, JSON.parse(reason)]).toEqual([
      'rejected',
      {
        error: 'ERR_INVOKE_OUTPUT_BINDING',
        error_msg: 'error invoking output binding web: operation field is missing from request',
        status: 500,
      },
    ]);
  });

  test.each(makeEngine().stores)('%s: states are kept, with etags and in transactions', async (type) => {
    const engine = makeEngine();
    const component = await engine.store('events', engine.brokers[0] ?? '');
    const store = await engine.store('store', type);
    const { app, publish } = await startCase(engine, protocol, {
      inputs: { orders: { component, uri: 'orders' } },
      states: { store: { component: store } },
    });
    await publish('events/orders', { do: 'keep' });
    expect(await app.lines('STATE', 7)).toEqual([
      [{ n: 1 }, 'text', ''],
      [{ key: 'a', data: { n: 1 } }, { key: 'b', data: 'text' }, { key: 'missing' }],
      'kept',
      { code: 'ERR_STATE_SAVE', status: 409 },
      'kept',
      // Redis does not say that this is about etags.
      { code: 'ERR_STATE_SAVE', status: type === 'state.redis' ? 500 : 409 },
      ['', '', [1]],
    ]);
  });

  test('other apps are invoked, and the function is', async () => {
    const server = createServer((req, res) => {
      void (async () => {
        const body = await text(req);
        const status = req.url === '/fail' ? 418 : req.url?.startsWith('/greet') === true ? 200 : 404;
        res.writeHead(status, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ line: `${req.method} ${req.url}`, body }));
      })();
    });
    onTestFinished(() => server.close().closeAllConnections());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const others = { greeter: (server.address() as AddressInfo).port };
    const engine = makeEngine();
    const component = await engine.store('events', engine.brokers[0] ?? '');
    const inputs = { orders: { component, uri: 'orders' } };
    const { app, publish, sidecar } = await startCase(engine, protocol, {
      inputs,
      others,
      context: { triggers: { http: {} } },
    });
    await publish('events/orders', { do: 'invoke', app: 'greeter', method: 'greet/a%20b?c=d%26e', payload: { n: 1 } });
    await app.lines('INVOKED', 1);
    await publish('events/orders', { do: 'invoke', app: 'greeter', method: 'fail' });
    await app.lines('INVOKED', 2);
    await publish('events/orders', { do: 'invoke', app: 'nobody', method: 'greet' });
    expect(await app.lines('INVOKED', 3)).toEqual([
      { line: 'POST /greet/a%20b?c=d%26e', body: '{"n":1}' },
      { code: 'UNKNOWN', status: 418 },
      { code: 'ERR_DIRECT_INVOKE', status: 500 },
    ]);
    const invoke = async (method: string, body: unknown) => {
      const headers = { 'content-type': 'application/json' };
      const url = `${sidecar.url}/v1.0/invoke/app/method/${method}`;
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return [answer.status, await answer.text()];
    };
    expect(await invoke('hello', { name: 'you' })).toEqual([200, '{"hello":"you"}']);
    expect((await invoke('hello?status=403', {}))[0]).toBe(403);
  });

  test('one port takes messages and requests', async () => {
    const engine = makeEngine();
    const component = await engine.store('events', engine.brokers[0] ?? '');
    const { app, publish } = await startCase(engine, protocol, {
      inputs: { orders: { component, uri: 'orders' } },
      context: { triggers: { http: { port: 8080 } } },
    });
    await publish('events/orders', { n: 1 });
    const headers = { 'content-type': 'application/json' };
    const hello = app.call({ method: 'POST', path: '/hello', headers, body: '{"name":"you"}' });
    expect(await hello).toMatchObject({ status: 200, body: '{"hello":"you"}' });
    expect(await app.lines('GOT', 1)).toMatchObject([{ input: 'orders', data: { n: 1 } }]);
  });

  test('tokens are sent and demanded', async () => {
    const engine = makeEngine();
    const component = await engine.store('events', engine.brokers[0] ?? '');
    const { app, publish, sidecar } = await startCase(engine, protocol, {
      inputs: { orders: { component, uri: 'orders' } },
      outputs: { done: { component, uri: 'done' } },
      apiToken: 'to the sidecar',
      appToken: 'to the app',
    });
    expect((await fetch(`${sidecar.url}/v1.0/metadata`)).status).toBe(401);
    expect((await app.call('/dapr/subscribe')).status).toBe(401);
    expect(await publish('events/orders', { do: 'send', payload: 1 })).toBe(204);
    expect(await app.lines('SENT', 1)).toEqual([[{ status: 'fulfilled', value: true }]]);
  });
}
