import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../../src/framework/server.ts';
import type { HttpFunction } from '../../../src/framework/signature.ts';
import { failureOf } from '../../support/failure.ts';

async function serve(handler: HttpFunction, production = false) {
  const logged: string[] = [];
  const write = (line: string): void => void logged.push(line.split('\n')[0] ?? '');
  const log = { debug: write, info: write, warn: write, error: write };
  const server = await startServer({ handler, port: 0, host: '127.0.0.1', production, log });
  onTestFinished(() => void server.close(0));
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const call = async (
    path = '/',
  ): Promise<{ status: number | undefined; headers: IncomingMessage['headers']; body: string }> => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    get({ port: server.port, path, agent }, resolve).on('error', reject);
    const res = await promise;
    let body = '';
    for await (const chunk of res.setEncoding('utf8')) body += String(chunk);
    return { status: res.statusCode, headers: res.headers, body };
  };
  return { server, call, logged };
}

test('hands requests to the function', async () => {
  const { call } = await serve((req, res) => res.end(`${req.method} ${req.url}`));
  expect(await call('/a?b=c')).toMatchObject({ status: 200, body: 'GET /a?b=c' });
});

test.each<[string, HttpFunction]>([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('boom');
    },
  ],
])('a function that %s answers 500 and harms no other call', async (_, failing) => {
  const { call, logged } = await serve((req, res) => (req.url === '/bad' ? failing(req, res) : res.end('fine')));
  const bad = await call('/bad');
  expect(bad).toMatchObject({ status: 500, body: 'boom' });
  expect(bad.headers).toMatchObject({ 'x-openfunction-status': 'crash', 'content-type': 'text/plain; charset=utf-8' });
  expect(logged).toEqual(['Error: boom']);
  expect(await call('/good')).toMatchObject({ status: 200, body: 'fine' });
});

test('in production the client is not told why', async () => {
  const { call } = await serve(() => Promise.reject(new Error('secret')), true);
  expect(await call()).toMatchObject({ status: 500, body: 'Internal Server Error' });
});

test('headers of a failed answer are dropped', async () => {
  const { call } = await serve((_req, res) => {
    res.setHeader('content-length', '1000').setHeader('set-cookie', 'a=b');
    throw new Error('boom');
  });
  const { headers, body } = await call();
  expect({ cookie: headers['set-cookie'], body }).toEqual({ cookie: undefined, body: 'boom' });
});

test('an answer under way is cut off', async () => {
  const { call } = await serve((_req, res) => {
    res.write('half');
    throw new Error('boom');
  });
  await expect(call()).rejects.toThrow(/aborted|socket hang up/);
});

test('a function that fails after its answer is only logged', async () => {
  const { call, logged } = await serve((_req, res) => {
    res.end('done');
    throw new Error('late');
  });
  expect(await call()).toMatchObject({ status: 200, body: 'done' });
  expect(logged).toEqual(['Error: late']);
});

test.each([
  ['/favicon.ico', 404],
  ['/robots.txt', 404],
  ['/robots.txt/below', 404],
  ['/favicon.ico?v=1', 404],
  ['/a/favicon.ico', 200],
  ['/favicon.icon', 200],
])('%s answers %i', async (path, status) => {
  const { call } = await serve((_req, res) => res.end('called'));
  expect((await call(path)).status).toBe(status);
});

test('overlapping calls do not meet', async () => {
  const waiting = new Map<string, () => void>();
  const both = Promise.withResolvers<void>();
  const { call } = await serve(async (req, res) => {
    waiting.set(req.url ?? '', () => res.end(req.url));
    if (waiting.size === 2) both.resolve();
    await both.promise;
  });
  const calls = [call('/a'), call('/b')];
  await both.promise;
  waiting.get('/b')?.();
  waiting.get('/a')?.();
  expect((await Promise.all(calls)).map(({ body }) => body)).toEqual(['/a', '/b']);
});

test('closing lets a request in flight finish, refuses new ones, and closes idle connections', async () => {
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { server, call } = await serve(async (_req, res) => {
    started.resolve();
    await release.promise;
    res.end('finished');
  });
  const idle = connect(server.port, '127.0.0.1');
  await once(idle, 'connect');
  const inFlight = call();
  await started.promise;
  const closed = server.close(5000);
  await once(idle.resume(), 'close');
  await expect(call()).rejects.toThrow('ECONNREFUSED');
  release.resolve();
  const answer = await inFlight;
  expect(answer).toMatchObject({ status: 200, body: 'finished' });
  expect(answer.headers.connection).toBe('close');
  expect(await closed).toBe(true);
});

test('closing cuts off what takes longer than the grace', async () => {
  const started = Promise.withResolvers<void>();
  const { server, call } = await serve(() => started.resolve());
  const inFlight = call().catch((error: unknown) => error);
  await started.promise;
  expect(await server.close(10)).toBe(false);
  expect(await inFlight).toMatchObject({ message: 'socket hang up' });
});

test('a port that is taken', async () => {
  const { server } = await serve(() => {});
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const act = () => startServer({ handler: () => {}, port: server.port, host: '127.0.0.1', production: false, log });
  expect(await failureOf(act, { port: String(server.port) })).toMatchInlineSnapshot(`
    "ERROR [OFN-PORT] Port <port> is already in use.

    Set PORT (or --port) to a free port; ports below 1024 need privileges."
  `);
});
