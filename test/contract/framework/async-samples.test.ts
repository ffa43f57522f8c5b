import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OpenFunctionRuntime } from '../../../src/framework/context/runtime.ts';
import { PLATFORM_SETTINGS } from '../../../src/framework/platform.ts';
import { ROOT } from '../../support/artefact.ts';
import { readSample, runSample } from '../../support/async-sample.ts';
import { startDaprd } from '../../support/daprd.ts';
import { runFunction } from '../../support/functions-framework.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { startRedis } from '../../support/redis.ts';
import { makeFolder } from '../../support/workspace.ts';

const WAIT = { timeout: 20_000 };
const REDIS = 'localhost:6379';
const MQTT = 'tcp://localhost:1883';
const WEB = 'http://localhost:8090';

describe.each(['http', 'grpc'] as const)('over %s', (protocol) => {
  test('samples/async-cron-to-file writes a file each second', async () => {
    const folder = makeFolder();
    await runSample('async-cron-to-file', { protocol, instead: { '/tmp/reports': folder } });
    const report = (): unknown => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    await expect.poll(report, WAIT).toMatchObject({ trigger: 'every-second' });
    const first = report();
    expect(first).toMatchObject({ at: expect.stringMatching(/^\d{4}-.*Z$/), megabytes: expect.any(Number) });
    await expect.poll(report, WAIT).not.toEqual(first);
  });

  test('samples/async-mqtt-to-http posts what is too hot', async () => {
    const broker = await startMosquitto();
    const posted = Promise.withResolvers<unknown>();
    const web = createServer((req, res) => {
      void text(req).then((body) => posted.resolve([req.method, req.url, JSON.parse(body)]));
      res.end();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void web.close());
    await once(web, 'listening');
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    await runSample('async-mqtt-to-http', { protocol, instead: { [MQTT]: broker.url, [WEB]: url } });
    await broker.subscribed('sensors/temperature');
    await broker.publish('sensors/temperature', '{"sensor":"cellar","celsius":12}');
    await broker.publish('sensors/temperature', '{"sensor":"attic","celsius":41}');
    expect(await posted.promise).toEqual(['POST', '/alarms', { sensor: 'attic', celsius: 41, limit: 30 }]);
  });

  test('samples/async-http-and-topic is asked both ways', async () => {
    const broker = await startMosquitto();
    const lamps = await broker.subscribe('home/switch');
    const { serving, publish } = await runSample('async-http-and-topic', { protocol, instead: { [MQTT]: broker.url } });
    const asked = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const { status, body } = await serving.call({ ...asked, path: '/', body: '{"room":"hall","on":true}' });
    expect([status, JSON.parse(body)]).toEqual([200, { room: 'hall', on: true, askedBy: 'POST' }]);
    expect(JSON.parse(await lamps.next())).toEqual({ room: 'hall', on: true });
    await broker.subscribed('lamps');
    await publish('home', 'lamps', { room: 'hall', on: false });
    expect(JSON.parse(await lamps.next())).toEqual({ room: 'hall', on: false });
  });

  test('samples/async-topic-to-topic invoices, tries again and gives up', async () => {
    const redis = await startRedis();
    const { serving, publish } = await runSample('async-topic-to-topic', {
      protocol,
      instead: { [REDIS]: redis.address },
    });
    await publish('shop', 'orders', { id: '1', prices: [10, 20], currency: 'EUR' });
    const [invoice] = await redis.events('invoices', 1);
    expect(invoice).toMatchObject({ source: 'invoice', topic: 'invoices', data: { order: '1', euros: 30 } });
    await publish('shop', 'orders', { id: '2', currency: 'EUR' });
    const [hopeless] = await redis.events('orders-dead', 1);
    expect(hopeless).toMatchObject({ data: { id: '2' } });
    expect(serving.child.output().match(/Order 2 has no prices\./g)).toHaveLength(1);
    await publish('shop', 'orders', { id: '3', prices: [1], currency: 'XTS' });
    const [, failed] = await redis.events('orders-dead', 2);
    expect(failed).toMatchObject({ data: { id: '3' } });
    expect(serving.child.output().match(/No rate for XTS yet\./g)).toHaveLength(5);
  });

  test('samples/async-bulk-to-redis counts what comes in bulk', async () => {
    const redis = await startRedis();
    const { publish } = await runSample('async-bulk-to-redis', { protocol, instead: { [REDIS]: redis.address } });
    const pages = ['a', 'b', 'a', 'a'];
    await Promise.all(pages.map((page) => publish('site', 'views', { page })));
    const views = (): Promise<unknown> => redis.command('MGET', 'views:a', 'views:b');
    await expect.poll(views, WAIT).toEqual(['3', '1']);
  });

  test('samples/async-topic-to-state makes one order of a basket', async () => {
    const redis = await startRedis();
    const { publish } = await runSample('async-topic-to-state', { protocol, instead: { [REDIS]: redis.address } });
    const valueOf = async (key: string): Promise<unknown> =>
      JSON.parse(String(await redis.command('HGET', `checkout||${key}`, 'data')));
    await publish('shop', 'baskets', { customer: 'ann', items: ['tea', 'cup'] });
    await expect.poll(() => valueOf('basket-ann'), WAIT).toEqual(['tea', 'cup']);
    await publish('shop', 'checkouts', { customer: 'ann', order: '1' });
    await expect.poll(() => valueOf('order-1'), WAIT).toEqual({ customer: 'ann', items: ['tea', 'cup'] });
    expect(await valueOf('basket-ann')).toBeNull();
    await publish('shop', 'checkouts', { customer: 'ann', order: '2' });
    await publish('shop', 'baskets', { customer: 'bob', items: ['pot'] });
    await expect.poll(() => valueOf('basket-bob'), WAIT).toEqual(['pot']);
    expect(await valueOf('order-2')).toBeNull();
  });

  test('samples/async-invoke asks another application', async () => {
    const redis = await startRedis();
    const routes = await runFunction({ folder: join(ROOT, 'samples/routes') });
    const shop = await startDaprd({ appId: 'shop', appPort: routes.port, appProtocol: protocol });
    await shop.waitReady();
    const { publish } = await runSample('async-invoke', { protocol, instead: { [REDIS]: redis.address } });
    await publish('sales', 'requests', { customer: 'ann', items: ['tea', 'cup'] });
    const [offer] = await redis.events('offers', 1);
    expect(offer).toMatchObject({ type: 'com.example.offer', data: { customer: 'ann', price: 4 } });
    expect(offer).toHaveProperty('expiration');
  });

  test('samples/async-cloudevent prints the events of its type', async () => {
    const { serving, daprd, publish } = await runSample('async-cloudevent', { protocol });
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/ann',
      type: 'com.example.uploaded',
      datacontenttype: 'application/json',
    };
    const type = 'application/cloudevents+json';
    await publish('memory', 'uploads', { ...event, type: 'com.example.deleted', data: { file: 'old' } }, type);
    await daprd.logged('DROP status returned from app');
    await publish('memory', 'uploads', { ...event, id: '2', data: { file: 'cat.png' } }, type);
    const printed = await serving.child.printed('2: /ann uploaded cat.png\n');
    expect(printed).not.toContain('old');
  });
});

test('every asynchronous sample is run by a test', () => {
  const samples = globSync('samples/async-*', { cwd: ROOT, exclude: ['samples/async-testing'] });
  const tests = readFileSync(import.meta.filename, 'utf8');
  expect(samples.filter((sample) => !tests.includes(`test('${sample} `))).toEqual([]);
});

describe('docs/async.md', () => {
  const page = readFileSync(join(ROOT, 'docs/async.md'), 'utf8');

  test('shows the samples as they are, and how to try each', () => {
    const shown = [...page.matchAll(/```\w+\n\/\/ (samples\/\S+)\n([^]*?)```/g)].map(([, path, code]) => [path, code]);
    expect(shown).toEqual(shown.map(([path = '']) => [path, readFileSync(join(ROOT, path), 'utf8')]));
    expect(shown.length).toBeGreaterThan(5);
    const tried = [...page.matchAll(/^\| (async-\S+) +\| `(\w+)` +\|/gm)].map(([, sample, name]) => [sample, name]);
    const samples = globSync('samples/async-*/function-context.json', { cwd: ROOT }).map((path) => path.split('/')[1]);
    const names = samples.map((sample = '') => [sample, readSample(sample, {}).name]);
    expect(tried.sort()).toEqual(names.sort());
  });

  test('has every variable of the platform', () => {
    const rows = [...page.matchAll(/^\| `([A-Z_, ]+)` +\| (.+?) +\|$/gm)].map(([, ...row]) => row);
    expect(rows).toEqual(Object.values(PLATFORM_SETTINGS).map(({ variables, help }) => [variables.join(', '), help]));
  });

  test('has every member of a context', () => {
    const ctx = new OpenFunctionRuntime();
    const prototypes = [OpenFunctionRuntime.prototype, Object.getPrototypeOf(OpenFunctionRuntime.prototype)];
    const members = [ctx, ...prototypes].flatMap((object) => Object.getOwnPropertyNames(object));
    const table = /## ctx\n([^]*?)\n## /.exec(page)?.[1] ?? '';
    const told = new Set([...table.matchAll(/`(\w+)/g)].map(([, name]) => name));
    expect(members.filter((name) => name !== 'constructor' && !told.has(name))).toEqual([]);
  });
});
