import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { HttpFunction } from '../../../../src/framework/functions.ts';
import type { Request, Response } from '../../../../src/framework/http/types.ts';
import { failureOf } from '../../../support/failure.ts';
import { serve } from '../../../support/function-server.ts';

const serveHttp = (handler: HttpFunction, production = false) => serve(handler, 'http', { production });

test('hands requests to the function', async () => {
  const { call } = await serveHttp((req, res) => res.end(`${req.method} ${req.url}`));
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
  const { call, logged } = await serveHttp((req, res) => (req.url === '/bad' ? failing(req, res) : res.end('fine')));
  const bad = await call('/bad');
  expect(bad).toMatchObject({ status: 500, body: 'boom' });
  expect(bad.headers).toMatchObject({ 'x-openfunction-status': 'crash', 'content-type': 'text/plain; charset=utf-8' });
  expect(logged).toEqual(['Error: boom']);
  expect(await call('/good')).toMatchObject({ status: 200, body: 'fine' });
});

test('in production the client is not told why', async () => {
  const { call } = await serveHttp(() => Promise.reject(new Error('secret')), true);
  expect(await call()).toMatchObject({ status: 500, body: 'Internal Server Error' });
});

test('headers of a failed answer are dropped', async () => {
  const { call } = await serveHttp((_req, res) => {
    res.setHeader('content-length', '1000').setHeader('set-cookie', 'a=b');
    throw new Error('boom');
  });
  const { headers, body } = await call();
  expect({ cookie: headers['set-cookie'], body }).toEqual({ cookie: undefined, body: 'boom' });
});

test('an answer under way is cut off', async () => {
  const { call } = await serveHttp((_req, res) => {
    res.write('half');
    throw new Error('boom');
  });
  await expect(call()).rejects.toThrow(/aborted|socket hang up/);
});

test('a function that fails after its answer is only logged', async () => {
  const { call, logged } = await serveHttp((_req, res) => {
    res.end('done');
    throw new Error('late');
  });
  expect(await call()).toMatchObject({ status: 200, body: 'done' });
  expect(logged).toEqual(['Exception from a finished function: Error: late']);
});

test('a function declared by its Google name also says so in the header of that name', async () => {
  const { serveAll } = await import('../../../support/function-server.ts');
  const { call } = await serveAll([{ handler: () => Promise.reject(new Error('x')), google: true }]);
  expect((await call()).headers).toMatchObject({ 'x-google-status': 'crash', 'x-openfunction-status': 'crash' });
});

test.each([
  ['/favicon.ico', 404],
  ['/robots.txt', 404],
  ['/robots.txt/below', 404],
  ['/favicon.ico?v=1', 404],
  ['/a/favicon.ico', 200],
  ['/favicon.icon', 200],
])('%s answers %i', async (path, status) => {
  const { call } = await serveHttp((_req, res) => res.end('called'));
  expect((await call(path)).status).toBe(status);
});

test.each([
  ['', '/favicon.ico', 200],
  ['/private|/admin/', '/private/x', 404],
  ['/private|/admin/', '/admin', 404],
  ['/private|/admin/', '/favicon.ico', 200],
])('with IGNORED_ROUTES "%s", %s answers %i', async (routes, path, status) => {
  const handler = (_req: Request, res: Response) => res.end();
  const { call } = await serve(handler, 'http', { env: { IGNORED_ROUTES: routes } });
  expect((await call(path)).status).toBe(status);
});

test('overlapping calls do not meet', async () => {
  const waiting = new Map<string, () => void>();
  const both = Promise.withResolvers<void>();
  const { call } = await serveHttp(async (req, res) => {
    waiting.set(req.url, () => res.end(req.url));
    if (waiting.size === 2) both.resolve();
    await both.promise;
  });
  const calls = [call('/a'), call('/b')];
  await both.promise;
  waiting.get('/b')?.();
  waiting.get('/a')?.();
  expect((await Promise.all(calls)).map(({ body }) => body)).toEqual(['/a', '/b']);
});

test('code that runs late knows whose request it belongs to', async () => {
  const { app, call, logged } = await serveHttp((req, res) => {
    if (req.url === '/bad') setTimeout(() => app.blame(new Error('late')), 1);
    else setTimeout(() => res.end('fine'), 10);
  });
  const [bad, good] = await Promise.all([call('/bad'), call('/good')]);
  expect([bad.status, bad.body, good.status, logged]).toEqual([500, 'late', 200, ['Error: late']]);
  expect(app.blame(new Error('of nobody'))).toBe(false);
});

test('so does the code of a request with a body', async () => {
  const { app, call } = await serveHttp((_req, res) => {
    setTimeout(() => app.blame(new Error(`late of ${app.current() === res}`)), 1);
  });
  const headers = { 'content-type': 'application/json' };
  for (let i = 0; i < 2; i += 1) {
    expect((await call({ method: 'POST', headers, body: '{}' })).body).toBe('late of true');
  }
});

test('closing lets a request in flight finish, refuses new ones, and closes idle connections', async () => {
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { app, port, call } = await serveHttp(async (_req, res) => {
    started.resolve();
    await release.promise;
    res.end('finished');
  });
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  const inFlight = call();
  await started.promise;
  const closed = app.close(5000);
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
  const { app, call } = await serveHttp(() => started.resolve());
  const inFlight = call().catch((error: unknown) => error);
  await started.promise;
  expect(await app.close(10)).toBe(false);
  expect(await inFlight).toMatchObject({ message: 'socket hang up' });
});

test('a connection with half a request holds the drain for a moment only', async () => {
  const { app, port } = await serveHttp((_req, res) => res.end('first'));
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost:');
  await once(socket, 'data');
  const closed = once(socket.resume(), 'close');
  expect(await app.close(60_000)).toBe(true);
  await closed;
});

test('a streamed answer that began before the drain ends, and its connection with it', async () => {
  const started = Promise.withResolvers<Response>();
  const { app, call } = await serveHttp((_req, res) => {
    res.write('one ');
    started.resolve(res);
  });
  const answer = call();
  const res = await started.promise;
  const closed = app.close(60_000);
  res.end('two');
  expect((await answer).body).toBe('one two');
  expect(await closed).toBe(true);
});

test('a port that is taken', async () => {
  const { port } = await serveHttp(() => {});
  const { app } = await serveHttp(() => {});
  app.server.close();
  expect(await failureOf(() => app.listen(port, '127.0.0.1'), { port: String(port) })).toMatchInlineSnapshot(`
    "ERROR [OFN-PORT] Port <port> is already in use.

    Set PORT (or --port) to a free port; ports below 1024 need privileges."
  `);
});

test.each([
  ['nonsense', 'nonsense\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
  ['headers that are too long', `GET / HTTP/1.1\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`, 'HTTP/1.1 431 '],
])('%s is refused and the server lives', async (_, bytes, answer) => {
  const { port, call } = await serveHttp((_req, res) => res.end('fine'));
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toContain(answer);
  expect((await call()).body).toBe('fine');
});

function openHttp2(port: number): ClientHttp2Session {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  return session;
}

async function callHttp2(session: ClientHttp2Session, headers: Record<string, string>, body?: string) {
  const stream = session.request(headers);
  stream.end(body);
  const [answered] = await once(stream, 'response');
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return { status: Number(answered[':status']), headers: answered, body: text };
}

test('HTTP/2 with prior knowledge is served on the same port, with the same members', async () => {
  const { port, call } = await serveHttp((req, res) =>
    res.status(201).json({ body: req.body, query: req.query, path: req.path, host: req.hostname, ip: req.ip }),
  );
  const session = openHttp2(port);
  const post = { ':method': 'POST', ':path': '/p?a=1', 'content-type': 'application/json' };
  const answers = await Promise.all([callHttp2(session, post, '{"n":1}'), callHttp2(session, { ':path': '/q' })]);
  expect(answers.map(({ status, body }) => [status, JSON.parse(body)])).toEqual([
    [201, { body: { n: 1 }, query: { a: '1' }, path: '/p', host: '127.0.0.1', ip: '127.0.0.1' }],
    [201, { body: {}, query: {}, path: '/q', host: '127.0.0.1', ip: '127.0.0.1' }],
  ]);
  expect((await call('/still')).status).toBe(201);
});

test('a drain lets streams of HTTP/2 end', async () => {
  const started = Promise.withResolvers<Response>();
  const { app, port } = await serveHttp((_req, res) => started.resolve(res));
  const answer = callHttp2(openHttp2(port), { ':path': '/' });
  const res = await started.promise;
  const closed = app.close(60_000);
  res.end('finished');
  expect((await answer).body).toBe('finished');
  expect(await closed).toBe(true);
});

/** The first bytes of a client of HTTP/2, with a request for `/`, as one of Node's sends them. */
async function firstBytesOfHttp2(): Promise<Buffer> {
  const listener = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void listener.close());
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const session = openHttp2(port);
  session.request({ ':path': '/' }).on('error', () => {});
  const [socket] = await once(listener, 'connection');
  const [bytes] = await once(socket, 'data');
  socket.destroy();
  return bytes;
}

test('HTTP/2 is recognised however its first bytes are cut', async () => {
  const { port } = await serveHttp((_req, res) => res.end('answer of HTTP/2'));
  const bytes = await firstBytesOfHttp2();
  for (const cut of [1, 3, 14, 16, 18, 24, 33]) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    socket.write(bytes.subarray(0, cut));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(bytes.subarray(cut));
    let text = '';
    for await (const chunk of socket) {
      text += String(chunk);
      if (text.includes('answer of HTTP/2')) break;
    }
    expect(text, `cut after ${cut} bytes`).toContain('answer of HTTP/2');
  }
});

test('HTTP/1 is recognised however its first bytes are cut', async () => {
  const { port } = await serveHttp((req, res) => res.end(req.method));
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  for (const part of ['P', 'R', 'OPFIND / HTT', 'P/1.1\r\nHost: a\r\nConnection: close\r\n\r\n']) {
    socket.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK[^]*PROPFIND$/);
});

test('a client of HTTP/2 that dies leaves no connection behind', async () => {
  const started = Promise.withResolvers<void>();
  const { app, port } = await serveHttp((_req, res) => {
    res.write('part');
    started.resolve();
  });
  const session = openHttp2(port);
  session.request({ ':path': '/' }).on('error', () => {});
  await started.promise;
  session.destroy();
  expect(await app.close(60_000)).toBe(true);
});

test('an answer over HTTP/2 that breaks off does not look whole', async () => {
  const { port } = await serveHttp((_req, res) => {
    res.write('part');
    throw new Error('boom');
  });
  const stream = openHttp2(port).request({ ':path': '/' });
  stream.resume();
  await expect(once(stream, 'end')).rejects.toThrow('NGHTTP2_INTERNAL_ERROR');
});

test.each<[string, () => unknown]>([
  ['nothing to show', () => Object.create(null)],
  [
    'a stack that throws',
    () =>
      Object.defineProperty(new Error('x'), 'stack', {
        get: () => {
          throw new Error('no');
        },
      }),
  ],
  ['undefined', () => undefined],
])('a thrown value with %s fails its call alone', async (_, make) => {
  const { call, app } = await serveHttp((req) => {
    if (req.path === '/now') throw make();
    setTimeout(() => app.blame(make()), 1);
  });
  expect((await call('/now')).status).toBe(500);
  expect((await call('/later')).status).toBe(500);
});
