import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startDaprd } from '../../support/daprd.ts';
import type { Component } from '../../support/dapr-resources.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { startRedis } from '../../support/redis.ts';
import { provided } from '../../support/server-process.ts';
import { makeFolder } from '../../support/workspace.ts';

interface Request {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** An app of these answers (method and path to JSON); the rest is 404. */
async function startApp(answers: Readonly<Record<string, unknown>>) {
  const requests: Request[] = [];
  const arrivals = new EventEmitter();
  const server = createServer((req, res) => {
    const line = `${req.method} ${req.url}`;
    const answer = answers[line];
    res.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(answer));
    void text(req).then((body) => {
      requests.push({ line, headers: req.headers, body });
      return arrivals.emit('arrival');
    });
  });
  const port = await listen(server);
  const received = async (line: string): Promise<Request> => {
    for (;;) {
      const found = requests.find((request) => request.line === line);
      if (found !== undefined) return found;
      await once(arrivals, 'arrival');
    }
  };
  return { port, received, requests };
}

const post = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test.each(['in-memory', 'redis'])('events published to pubsub.%s arrive at the app', async (kind) => {
  const metadata = kind === 'redis' ? { redisHost: (await startRedis()).address } : {};
  const app = await startApp({
    'GET /dapr/subscribe': [{ pubsubname: 'events', topic: 'orders', route: '/orders' }],
    'POST /orders': { status: 'SUCCESS' },
  });
  const components = [{ name: 'events', type: `pubsub.${kind}`, metadata }];
  const daprd = await startDaprd({ appId: 'app', appPort: app.port, appToken: 'secret', components });
  await daprd.waitReady();
  const { status } = await post(`${daprd.url}/v1.0/publish/events/orders`, { id: 1 });
  expect(status).toBe(204);
  const { headers, body } = await app.received('POST /orders');
  expect(headers).toMatchObject({ 'content-type': 'application/cloudevents+json', 'dapr-api-token': 'secret' });
  expect(JSON.parse(body)).toMatchObject({ topic: 'orders', pubsubname: 'events', source: 'app', data: { id: 1 } });
});

test('Redis delivers an event again to an app that went away with it', async () => {
  const { address } = await startRedis();
  const attempts: string[] = [];
  const done = Promise.withResolvers<void>();
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      if (req.method === 'GET') return res.writeHead(404).end();
      attempts.push(body);
      if (attempts.length === 1) return res.destroy();
      done.resolve();
      return res.end();
    });
  });
  // Numbers are milliseconds; redeliverInterval takes nothing else.
  const metadata = { redisHost: address, processingTimeout: '200', redeliverInterval: '200' };
  const daprd = await startDaprd({
    appId: 'app',
    appPort: await listen(server),
    components: [{ name: 'events', type: 'pubsub.redis', metadata }],
    subscriptions: [{ pubsub: 'events', topic: 'orders', route: '/on-order' }],
  });
  await daprd.waitReady();
  await post(`${daprd.url}/v1.0/publish/events/orders`, 'text');
  await done.promise;
  const ids = attempts.map((body) => JSON.parse(body).id);
  expect(ids).toEqual([ids[0], ids[0]]);
});

test('a subscription that is a resource is delivered to, without asking the app for it', async () => {
  const app = await startApp({ 'POST /on-order': {} });
  const daprd = await startDaprd({
    appId: 'app',
    appPort: app.port,
    components: [{ name: 'events', type: 'pubsub.in-memory' }],
    subscriptions: [{ pubsub: 'events', topic: 'orders', route: '/on-order' }],
  });
  await daprd.waitReady();
  await post(`${daprd.url}/v1.0/publish/events/orders`, 'text');
  expect(JSON.parse((await app.received('POST /on-order')).body)).toMatchObject({ data: 'text' });
});

test('the cron binding calls the app', async () => {
  const app = await startApp({ 'POST /tick': {} });
  const metadata = { schedule: '@every 1s', direction: 'input' };
  const daprd = await startDaprd({
    appId: 'app',
    appPort: app.port,
    components: [{ name: 'tick', type: 'bindings.cron', metadata }],
  });
  expect((await app.received('POST /tick')).body).toBe('');
  expect(app.requests.map(({ line }) => line)).not.toContain('OPTIONS /tick');
  await daprd.stop();
});

test('the MQTT binding gives the app what is published, and publishes', async () => {
  const broker = await startMosquitto();
  const app = await startApp({ 'POST /sensors': {} });
  const binding = (name: string, topic: string, direction: string): Component => ({
    name,
    type: 'bindings.mqtt3',
    metadata: { url: broker.url, topic, direction, consumerID: name },
  });
  const daprd = await startDaprd({
    appId: 'app',
    appPort: app.port,
    components: [binding('sensors', 'from/sensors', 'input'), binding('lamps', 'to/lamps', 'output')],
  });
  await broker.subscribed('from/sensors');
  await broker.publish('from/sensors', 'line 1\nå');
  expect((await app.received('POST /sensors')).body).toBe('line 1\nå');
  const lamps = await broker.subscribe('to/lamps');
  await daprd.waitReady();
  for (const data of ['on', 'off']) await post(`${daprd.url}/v1.0/bindings/lamps`, { operation: 'create', data });
  expect([await lamps.next(), await lamps.next()]).toEqual(['"on"', '"off"']);
});

test('the localstorage binding writes a file, without an app', async () => {
  const rootPath = makeFolder();
  const components = [{ name: 'files', type: 'bindings.localstorage', metadata: { rootPath } }];
  const daprd = await startDaprd({ appId: 'app', components });
  await daprd.waitReady();
  // The binding decodes what looks like base64.
  const body = { operation: 'create', data: 'a text', metadata: { fileName: 'a.txt' } };
  expect((await post(`${daprd.url}/v1.0/bindings/files`, body)).status).toBe(200);
  expect(readFileSync(join(rootPath, 'a.txt'), 'utf8')).toBe('a text');
});

test('state in Redis is saved, read and changed in transactions', async () => {
  const { address } = await startRedis();
  const components = [{ name: 'store', type: 'state.redis', metadata: { redisHost: address } }];
  const daprd = await startDaprd({ appId: 'app', components });
  await daprd.waitReady();
  const store = `${daprd.url}/v1.0/state/store`;
  await post(store, [
    { key: 'a', value: { n: 1 } },
    { key: 'b', value: 2 },
  ]);
  expect(await (await fetch(`${store}/a`)).json()).toEqual({ n: 1 });
  const operations = [
    { operation: 'upsert', request: { key: 'a', value: 3 } },
    { operation: 'delete', request: { key: 'b' } },
  ];
  expect((await post(`${store}/transaction`, { operations })).status).toBe(204);
  expect([await (await fetch(`${store}/a`)).json(), (await fetch(`${store}/b`)).status]).toEqual([3, 204]);
});

test('a sidecar invokes the app of another one', async () => {
  const app = await startApp({ 'POST /greet?name=you': { greeting: 'hello you' } });
  const [caller, callee] = await Promise.all([
    startDaprd({ appId: 'caller' }),
    startDaprd({ appId: 'callee', appPort: app.port }),
  ]);
  await Promise.all([caller.waitReady(), callee.waitReady()]);
  const answer = await post(`${caller.url}/v1.0/invoke/callee/method/greet?name=you`, { a: 1 });
  expect([answer.status, await answer.json()]).toEqual([200, { greeting: 'hello you' }]);
  expect((await app.received('POST /greet?name=you')).body).toBe('{"a":1}');
});

test('the API token is demanded when there is one', async () => {
  const daprd = await startDaprd({ appId: 'app', apiToken: 'secret' });
  await daprd.waitReady();
  const statuses = [{}, { 'dapr-api-token': 'wrong' }, { 'dapr-api-token': 'secret' }].map(
    async (headers) => (await fetch(`${daprd.url}/v1.0/metadata`, { headers })).status,
  );
  expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
});

test('over gRPC the app is asked for its topics', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<string>();
  const server = createHttp2Server().on('stream', (stream, { ':path': path = '' }) => {
    if (path.endsWith('/ListTopicSubscriptions')) resolve(path);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true });
  });
  const components = [{ name: 'events', type: 'pubsub.in-memory' }];
  const daprd = await startDaprd({ appId: 'app', appPort: await listen(server), appProtocol: 'grpc', components });
  expect(await asked).toBe('/dapr.proto.runtime.v1.AppCallback/ListTopicSubscriptions');
  await daprd.kill();
});

test('a program that is not there fails a test with what to run', () => {
  const find = (): string => provided('daprd', join(makeFolder(), 'daprd'));
  expect(find).toThrow('There is no daprd: run "make dapr" first.');
});
