import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Lifecycle } from '../../../src/framework/lifecycle.ts';
import type { Request, Response } from '../../../src/framework/http/types.ts';
import { serve, serveAll, type Served } from '../../support/function-server.ts';

const says = (text: string) => (_req: Request, res: Response) => void res.send(text);

test('several functions have a path each, by name or as declared', async () => {
  const functions: Served[] = [
    { name: 'plain', handler: says('plain') },
    {
      name: 'orders',
      handler: (req: Request, res: Response) => res.send(req.params),
      options: { path: '/orders/:id/{item}' },
    },
    { name: 'files', handler: (req: Request, res: Response) => res.send(req.params), options: { path: '/files/*' } },
    { name: 'get', handler: says('get'), options: { path: '/thing', methods: ['get'] } },
    { name: 'put', handler: says('put'), options: { path: '/thing', methods: ['PUT', 'PATCH'] } },
    { name: 'made', handler: (event: { id: string }) => event.id, signatureType: 'cloudevent' },
    { name: 'typed', handler: (value: unknown) => ({ value }), signatureType: 'typed' },
  ];
  const { call } = await serveAll(functions);
  expect((await call('/plain?x=1')).body).toBe('plain');
  expect((await call('/plain/')).body).toBe('plain');
  expect((await call('/orders/5/a%20b')).body).toBe('{"id":"5","item":"a b"}');
  expect((await call('/files/a/b.txt')).body).toBe('{"0":"a/b.txt"}');
  expect((await call('/thing')).body).toBe('get');
  expect((await call({ path: '/thing', method: 'HEAD' })).status).toBe(200);
  expect((await call({ path: '/thing', method: 'PATCH' })).body).toBe('put');
  const refused = await call({ path: '/thing', method: 'DELETE' });
  expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, PUT, PATCH']);
  const event = { id: '7', source: 's', type: 't', specversion: '1.0' };
  const headers = { 'content-type': 'application/cloudevents+json' };
  expect((await call({ method: 'POST', path: '/made', headers, body: JSON.stringify(event) })).body).toBe('7');
  expect((await call('/made')).status).toBe(404);
  expect((await call({ method: 'OPTIONS', path: '/made' })).headers.allow).toBe('POST');
  const json = { method: 'POST', path: '/typed', headers: { 'content-type': 'application/json' }, body: '[1]' };
  expect((await call(json)).body).toBe('{"value":[1]}');
  const missing = await call('/nothing<b>');
  expect([missing.status, missing.body]).toEqual([404, expect.stringContaining('Cannot GET /nothing&lt;b&gt;')]);
});

test('one function with methods alone takes every path', async () => {
  const { call } = await serveAll([{ handler: says('x'), options: { methods: ['POST'] } }]);
  expect((await call({ method: 'POST', path: '/any/where' })).body).toBe('x');
  expect((await call('/any')).status).toBe(405);
});

test('nothing is reserved for health unless asked for', async () => {
  const { call } = await serve(says('function'));
  for (const path of ['/healthz', '/health/liveness', '/health/readiness'])
    expect((await call(path)).body).toBe('function');
});

test('a health path answers, and 503 while the server drains', async () => {
  const release = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const handler = async (_req: Request, res: Response) => {
    started.resolve();
    await release.promise;
    res.send('done');
  };
  const { app, call } = await serve(handler, 'http', { env: { FUNC_HEALTH_PATH: '/healthz' } });
  expect(await call('/healthz?x')).toMatchObject({ status: 200, body: 'OK' });
  const [busy, idle] = [call('/'), call('/healthz')];
  await Promise.all([started.promise, idle]);
  const closed = app.close(60_000);
  release.resolve();
  await busy;
  expect(await closed).toBe(true);
});

test("a function's own liveness and readiness", async () => {
  let ready = false;
  const liveness = Object.assign(() => true, { path: '/live' });
  const readiness = async () => {
    if (!ready) throw new Error('not yet');
  };
  const { call } = await serve(says('function'), 'http', { lifecycle: { liveness, readiness } });
  expect((await call('/live')).status).toBe(200);
  expect((await call('/health/readiness')).status).toBe(503);
  ready = true;
  expect((await call('/health/readiness')).status).toBe(200);
  const moved = await serve(says('function'), 'http', {
    env: { LIVENESS_URL: '/l' },
    lifecycle: { liveness: () => false },
  });
  expect((await moved.call('/l')).status).toBe(503);
});

test('shutdown of the function is awaited after the last request', async () => {
  const order: string[] = [];
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const shutdown = async () => {
    await Promise.resolve();
    order.push('shutdown');
  };
  const handler = async (_req: Request, res: Response) => {
    started.resolve();
    await release.promise;
    order.push('request');
    res.end();
  };
  const { app, call } = await serve(handler, 'http', { lifecycle: { shutdown } });
  const answer = call();
  await started.promise;
  const closed = app.close(60_000);
  release.resolve();
  await Promise.all([answer, closed]);
  expect(order).toEqual(['request', 'shutdown']);
});

test('a call that takes too long is answered with 504 and aborted; others are not', async () => {
  const aborted = Promise.withResolvers<unknown>();
  const handler = (req: Request, res: Response): void => {
    if (req.path === '/quick') return void res.send('quick');
    req.abortController.signal.addEventListener('abort', () => aborted.resolve(req.abortController.signal.reason));
  };
  const { call } = await serve(handler, 'http', { env: { CLOUD_RUN_TIMEOUT_SECONDS: '1' } });
  const [slow, quick] = await Promise.all([call('/slow'), call('/quick')]);
  expect([slow.status, slow.body, slow.headers['x-openfunction-status']]).toEqual([504, 'Gateway Timeout', 'timeout']);
  expect(quick.body).toBe('quick');
  expect(await aborted.promise).toBe('timeout');
});

test('an answer after the timeout harms nothing', async () => {
  const late = Promise.withResolvers<void>();
  const handler = async (req: Request, res: Response) => {
    await new Promise((resolve) => req.abortController.signal.addEventListener('abort', resolve));
    late.resolve();
    res.send('late');
  };
  const { call } = await serve(handler, 'http', { env: { CLOUD_RUN_TIMEOUT_SECONDS: '1' } });
  expect((await call()).status).toBe(504);
  await late.promise;
  expect((await call('/favicon.ico')).status).toBe(404);
});

/** Holds calls inside until they are released. */
function makeHold() {
  const release = Promise.withResolvers<void>();
  const entered: Promise<void>[] = [];
  const arrivals: (() => void)[] = [];
  const handler = async (_req: Request, res: Response) => {
    arrivals.shift()?.();
    await release.promise;
    res.send('done');
  };
  const expectOne = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    arrivals.push(resolve);
    entered.push(promise);
    return promise;
  };
  return { handler, expectOne, release: release.resolve };
}

test.each<[string, Record<string, string>, Served['options']]>([
  ['the server', { FUNC_MAX_CONCURRENCY: '2' }, {}],
  ['one function', {}, { concurrency: 2 }],
])('more calls at once than %s takes are answered with 503', async (_, env, options) => {
  const { handler, expectOne, release } = makeHold();
  const { call } = await serveAll([{ handler, options: options ?? {} }], { env });
  const entered = [expectOne(), expectOne()];
  const inside = [call(), call()];
  await Promise.all(entered);
  const shed = await call();
  expect([shed.status, shed.headers['retry-after']]).toEqual([503, '1']);
  release();
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await call()).status).toBe(200);
});

test('requests are answered with 503 while the event loop is late', async () => {
  const handler = (req: Request, res: Response): void => {
    const until = performance.now() + (req.path === '/block' ? 300 : 0);
    while (performance.now() < until);
    res.send('done');
  };
  const { call } = await serve(handler, 'http', { env: { FUNC_MAX_LOOP_DELAY: '100' } });
  expect((await call('/')).status).toBe(200);
  const [blocking, during] = await Promise.all([call('/block'), call('/')]);
  expect([blocking.status, during.status]).toEqual([200, 503]);
  for (;;) if ((await call('/')).status === 200) break;
});

test('upgrades reach the function, and close with the server', async () => {
  const upgrade = (_req: unknown, socket: Duplex) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  };
  const { app, port, call } = await serve(says('http'), 'http', { lifecycle: { upgrade } });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 101 /);
  socket.write('ping');
  expect(String((await once(socket, 'data'))[0])).toBe('ping');
  expect((await call()).body).toBe('http');
  const closed = once(socket, 'close');
  expect(await app.close(10)).toBe(false);
  await closed;
});

test('an upgrade that throws closes its own connection alone', async () => {
  const upgrade = () => {
    throw new Error('boom');
  };
  const { port, call, logged } = await serve(says('http'), 'http', { lifecycle: { upgrade } });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect([text.split('\r\n')[0], logged]).toEqual(['HTTP/1.1 500 Internal Server Error', ['Error: boom']]);
  expect((await call()).body).toBe('http');
});

test('without an upgrade handler the request is an ordinary one', async () => {
  const { call } = await serve(says('http'));
  expect((await call({ headers: { connection: 'Upgrade', upgrade: 'websocket' } })).body).toBe('http');
});

interface Echo {
  on(event: 'message', listener: (data: Buffer) => void): void;
  send(text: string): void;
}

test('WebSockets reach the function, and hear when the server goes away', async () => {
  const websocket = (socket: unknown, req: unknown) => {
    const echo = socket as Echo;
    if ((req as Request).url === '/bad') throw new Error('boom');
    echo.on('message', (data) => echo.send(`echo ${data.toString()}`));
  };
  const { app, port, logged } = await serve(says('http'), 'http', { lifecycle: { websocket } });
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(client, 'open');
  client.send('hello');
  expect(String((await once(client, 'message'))[0])).toBe('echo hello');
  const bad = new WebSocket(`ws://127.0.0.1:${port}/bad`);
  expect((await once(bad, 'close'))[0]).toBe(1011);
  const closed = once(client, 'close');
  expect(await app.close(60_000)).toBe(true);
  expect([(await closed)[0], logged]).toEqual([1001, ['Error: boom']]);
});

test('a client that breaks the protocol of WebSockets, or a listener that throws, closes that WebSocket alone', async () => {
  const websocket = (socket: unknown) => {
    (socket as Echo).on('message', (data) => {
      if (data.toString() === 'bad') throw new Error('boom');
      (socket as Echo).send('fine');
    });
  };
  const { port, logged } = await serve(says('http'), 'http', { lifecycle: { websocket } });
  const open = async (): Promise<WebSocket> => {
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    await once(client, 'open');
    return client;
  };
  const [good, bad, broken] = [await open(), await open(), await open()];
  const codes = [once(bad, 'close'), once(broken, 'close')];
  bad.send('bad');
  // A frame that claims to be masked by a server's rules: reserved bits set.
  Reflect.get(broken, '_socket').write(Buffer.from('f003616263', 'hex'));
  expect((await codes[0])?.[0]).toBe(1011);
  await codes[1];
  good.send('x');
  expect(String((await once(good, 'message'))[0])).toBe('fine');
  good.close();
  expect(logged).toEqual(['Error: boom']);
});

test('an upgrade that rejects later closes its own connection alone', async () => {
  const upgrade = async () => {
    await Promise.resolve();
    throw new Error('boom');
  };
  const { port, logged } = await serve(says('http'), 'http', { lifecycle: { upgrade } });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect([text.split('\r\n')[0], logged]).toEqual(['HTTP/1.1 500 Internal Server Error', ['Error: boom']]);
});

test.each<[string, Lifecycle]>([
  ['WebSocket', { websocket: () => {} }],
  ['anything', { upgrade: () => {} }],
])('where %s is upgraded to, an offer of HTTP/2 is answered as HTTP/1.1', async (_, lifecycle) => {
  const { call } = await serve(says('http'), 'http', { lifecycle });
  expect((await call({ headers: { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' } })).body).toBe('http');
});

test('a shutdown that never ends is not waited for beyond the grace', async () => {
  const { app, logged } = await serve(says('x'), 'http', { lifecycle: { shutdown: () => new Promise(() => {}) } });
  expect(await app.close(20)).toBe(true);
  expect(logged).toEqual(['"shutdown" had not ended after 0.02 s; the process ends without it.']);
});

test('a function is not called after its time was up', async () => {
  let calls = 0;
  const handler = (_req: Request, res: Response): void => {
    calls += 1;
    res.end();
  };
  const { port } = await serve(handler, 'http', { env: { CLOUD_RUN_TIMEOUT_SECONDS: '1' } });
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123');
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 504 /);
  socket.write('4567890GET /favicon.ico HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 404 /);
  expect(calls).toBe(0);
  socket.destroy();
});
