import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeSidecar, type FakeSidecarOptions } from '../../../../src/framework/testing.ts';

interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answers = Readonly<Record<string, (seen: Seen) => { readonly status?: number; readonly body?: unknown }>>;

/** An app of these answers (method and path); the rest is 404. */
async function startApp(answers: Answers) {
  const seen: Seen[] = [];
  const server = createServer((req, res) => {
    void (async () => {
      const body = await text(req);
      const request = { line: `${req.method} ${req.url}`, headers: req.headers, body };
      seen.push(request);
      const { status = 200, body: answer = '' } = answers[request.line]?.(request) ?? { status: 404 };
      res.writeHead(status, { 'x-app': 'yes' }).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return { port: (server.address() as AddressInfo).port, seen, stop };
}

const components = [
  { name: 'events', type: 'pubsub.redis' },
  { name: 'cron', type: 'bindings.cron' },
  { name: 'mqtt', type: 'bindings.mqtt3', metadata: { route: '/sensors' } },
  { name: 'sink', type: 'bindings.http', metadata: { direction: 'output' } },
];
const subscription = { pubsubname: 'events', topic: 'orders', route: '/orders' };

async function start(answers: Answers, options: FakeSidecarOptions = {}, subscriptions: object[] = [subscription]) {
  const sidecar = await startFakeSidecar({ components, retries: { attempts: 3, pause: 1 }, ...options });
  onTestFinished(() => sidecar.close());
  const app = await startApp({ 'GET /dapr/subscribe': () => ({ body: subscriptions }), ...answers });
  await sidecar.attach({ port: app.port });
  return { sidecar, app };
}

test('the app is asked what it wants', async () => {
  const { sidecar, app } = await start({ 'OPTIONS /cron': () => ({ status: 405 }) });
  expect(app.seen.map(({ line }) => line)).toEqual([
    'OPTIONS /cron',
    'OPTIONS /sensors',
    'GET /dapr/config',
    'GET /dapr/subscribe',
  ]);
  expect((await fetch(`${sidecar.url}/v1.0/healthz`)).status).toBe(204);
  await expect(sidecar.trigger('mqtt')).rejects.toThrow('No app listens to the input binding "mqtt"; there are: cron.');
  await expect(sidecar.attach({ port: app.port })).rejects.toThrow('An app with the id "app" is attached already.');
  sidecar.detach();
  expect(await sidecar.publish('events', 'orders', 1)).toEqual([]);
});

test('a message arrives as daprd sends it', async () => {
  const { sidecar, app } = await start({ 'POST /orders': () => ({}) }, { appToken: 'secret' });
  await sidecar.publish('events', 'orders', { id: 1 });
  const { headers, body } = app.seen.at(-1) ?? { headers: {}, body: '' };
  const event = JSON.parse(body);
  expect(headers).toMatchObject({
    'content-type': 'application/cloudevents+json',
    'dapr-api-token': 'secret',
    pubsubname: 'events',
    traceparent: event.traceparent,
  });
  expect(event).toMatchObject({
    topic: 'orders',
    pubsubname: 'events',
    datacontenttype: 'application/json',
    source: 'app',
  });
});

test.each([
  [{ status: 201 }, { outcome: 'SUCCESS', attempts: 1 }],
  [{ body: 'no JSON' }, { outcome: 'SUCCESS', attempts: 1 }],
  [{ body: {} }, { outcome: 'SUCCESS', attempts: 1 }],
  [{ body: { status: 'SUCCESS' } }, { outcome: 'SUCCESS', attempts: 1 }],
  [
    { body: { status: 'RETRY' } },
    { outcome: 'RETRY', attempts: 3, reason: 'the app answered with the status "RETRY"' },
  ],
  [{ body: { status: 'Success' } }, { outcome: 'RETRY', attempts: 3 }],
  [{ body: { status: 'DROP' } }, { outcome: 'DROP', attempts: 1 }],
  [
    { status: 404, body: 'no' },
    { outcome: 'NOT_FOUND', attempts: 1, reason: 'the app answered 404: no' },
  ],
  [{ status: 500 }, { outcome: 'RETRY', attempts: 3, reason: 'the app answered 500: nothing' }],
  [{ status: 301 }, { outcome: 'RETRY', attempts: 3 }],
])('the answer %j means %j', async (answer, delivery) => {
  const { sidecar } = await start({ 'POST /orders': () => answer });
  expect(await sidecar.publish('events', 'orders', 1)).toEqual([expect.objectContaining(delivery)]);
  expect(sidecar.deliveries).toEqual([expect.objectContaining(delivery)]);
});

test('raw payloads', async () => {
  const { sidecar, app } = await start({ 'POST /orders': () => ({}) }, {}, [
    { ...subscription, metadata: { rawPayload: 'true' } },
    { pubsubname: 'events', topic: 'others', routes: { default: '/orders' } },
  ]);
  const options = { contentType: 'text/plain', metadata: { rawPayload: 'true' } };
  await sidecar.publish('events', 'orders', 'text', options);
  expect(JSON.parse(app.seen.at(-1)?.body ?? '')).toMatchObject({
    datacontenttype: 'application/octet-stream',
    data_base64: Buffer.from('text').toString('base64'),
    source: 'Dapr',
  });
  expect(await sidecar.publish('events', 'others', 'text', options)).toMatchObject([
    { outcome: 'RETRY', reason: expect.stringContaining('it is no CloudEvent') },
  ]);
});

test('several messages in one call, of which some are wanted again', async () => {
  const bulk = { ...subscription, bulkSubscribe: { enabled: true, maxMessagesCount: 3 } };
  const seen = new Set<string>();
  const { sidecar, app } = await start(
    {
      'POST /orders'({ body }) {
        const { entries } = JSON.parse(body) as { entries: { entryId: string; event: { data: string } }[] };
        const statuses = entries.flatMap(({ entryId, event: { data } }) => {
          const isFirst = !seen.has(data);
          seen.add(data);
          if (isFirst && data === 'unanswered') return [];
          return { entryId, status: isFirst && data === 'again' ? 'RETRY' : 'SUCCESS' };
        });
        return { body: { statuses } };
      },
    },
    {},
    [bulk],
  );
  const published = ['once', 'again', 'unanswered', 'alone'].map((data) => sidecar.publish('events', 'orders', data));
  const deliveries = (await Promise.all(published)).flat();
  expect(deliveries.map(({ outcome, attempts }) => [outcome, attempts])).toEqual([
    ['SUCCESS', 1],
    ['SUCCESS', 2],
    ['SUCCESS', 2],
    ['SUCCESS', 1],
  ]);
  const first = app.seen.find(({ line }) => line === 'POST /orders');
  expect(JSON.parse(first?.body ?? '')).toMatchObject({
    type: 'com.dapr.event.sent.bulk',
    topic: 'orders',
    pubsubname: 'events',
    entries: [{ contentType: 'application/cloudevents+json', event: { data: 'once' } }, {}, {}],
  });
});

test('an app that is not there, and comes', async () => {
  const { sidecar, app } = await start({ 'POST /orders': () => ({}) });
  app.stop();
  expect(await sidecar.publish('events', 'orders', 1)).toMatchObject([
    { outcome: 'RETRY', attempts: 3, reason: expect.stringContaining('ECONN') },
  ]);
});

test('what daprd would not take for an answer fails the attachment', async () => {
  const problem = async (body: unknown, status = 200) => {
    const app = await startApp({ 'GET /dapr/subscribe': () => ({ body, status }) });
    const sidecar = await startFakeSidecar();
    onTestFinished(() => sidecar.close());
    return sidecar.attach({ port: app.port }).then(
      () => 'attached',
      ({ message }: Error) => message,
    );
  };
  expect([
    await problem(''),
    await problem('', 404),
    await problem('no', 500),
    await problem({}),
    await problem([{ routes: { rules: [{ match: 'event.type == "a"', path: '/a' }] } }]),
  ]).toEqual([
    'attached',
    'attached',
    'The app answered GET /dapr/subscribe with 500: no',
    'The app answered GET /dapr/subscribe with JSON that is no list.',
    'The fake sidecar has no CEL, which "rules" need.',
  ]);
});

test('bindings deliver bytes, texts and JSON with metadata', async () => {
  const { sidecar, app } = await start({
    'OPTIONS /sensors': () => ({}),
    'POST /sensors': ({ body }) => ({ status: body === 'bad' ? 202 : 200, body: 'ignored' }),
  });
  for (const data of ['text', Buffer.from('bytes'), { a: 1 }, undefined]) {
    expect(await sidecar.trigger('mqtt', data, { mqtttopic: 't' })).toEqual({ ok: true, status: 200, body: 'ignored' });
  }
  expect(await sidecar.trigger('mqtt', 'bad')).toMatchObject({ ok: false, status: 202 });
  const events = app.seen.filter(({ line }) => line === 'POST /sensors');
  expect(events.map(({ body }) => body)).toEqual(['text', 'bytes', '{"a":1}', '', 'bad']);
  expect(events[0]?.headers).toMatchObject({ 'content-type': 'application/json', mqtttopic: 't' });
});

test('an attached app is invoked, by path or by header', async () => {
  const { sidecar } = await start({
    'PUT /a%20b/c?d=e%26f': ({ body, headers }) => ({ status: 418, body: [body, headers['x-own'] ?? ''] }),
  });
  const call = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${sidecar.url}${path}`, { method: 'PUT', body: 'text', headers: { 'x-own': '1', ...headers } });
  const answers = [
    await call('/v1.0/invoke/app/method/a%20b/c?d=e%26f'),
    await call('/a%20b/c?d=e%26f', { 'dapr-app-id': 'app' }),
  ];
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('x-app'), await answer.json()]).toEqual([418, 'yes', ['text', '1']]);
  }
});
