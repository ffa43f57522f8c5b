import { once } from 'node:events';
import { get } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import busboy from 'busboy';
import cookieParser from 'cookie-parser';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { expect, onTestFinished, test } from 'vitest';
import type { Request, Response } from '../../../../src/framework/http/types.ts';
import { serve } from '../../../support/function-server.ts';

const JSON_BODY = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
const FORM = {
  method: 'POST',
  headers: { 'content-type': 'multipart/form-data; boundary=----WebKitFormBoundary0123456789abcdef' },
  body: '------WebKitFormBoundary0123456789abcdef\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\ntext\r\n------WebKitFormBoundary0123456789abcdef--\r\n',
};

test('what a function returns is not looked at', async () => {
  const { call } = await serve((_req: Request, res: Response) => {
    setTimeout(() => res.send('later'), 5);
    return { a: 1 };
  });
  expect((await call()).body).toBe('later');
});

test('a web Response that is returned is sent', async () => {
  const { call } = await serve(
    async () =>
      new globalThis.Response('<p>', {
        status: 203,
        headers: [
          ['content-type', 'text/html'],
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      }),
  );
  const { status, headers, body } = await call();
  expect([status, headers['content-type'], headers['set-cookie'], body]).toEqual([
    203,
    'text/html',
    ['a=1', 'b=2'],
    '<p>',
  ]);
  expect(await call({ method: 'HEAD' })).toMatchObject({ status: 203, body: '' });
});

test('a web Response with a stream, or without a body', async () => {
  const { call } = await serve((req: Request) => {
    if (req.path === '/none') return new globalThis.Response(null, { status: 204 });
    const parts = ['one ', 'two'];
    return new globalThis.Response(
      new ReadableStream({
        pull(controller) {
          const part = parts.shift();
          if (part === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(part));
        },
      }),
    );
  });
  expect((await call()).body).toBe('one two');
  expect(await call('/none')).toMatchObject({ status: 204, body: '' });
});

test('a Response after an answer of its own is left alone', async () => {
  const { call } = await serve((_req: Request, res: Response) => {
    res.send('own');
    return new globalThis.Response('other');
  });
  expect((await call()).body).toBe('own');
});

test('server-sent events arrive as they are written', async () => {
  const { port } = await serve((_req: Request, res: Response) => {
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
    res.write('data: 1\n\n');
    res.req.on('close', () => res.end());
  });
  const [stream] = await once(get({ port }), 'response');
  const [chunk] = await once(stream, 'data');
  expect([stream.headers['content-type'], String(chunk)]).toEqual(['text/event-stream; charset=utf-8', 'data: 1\n\n']);
  stream.destroy();
});

test('a client that leaves aborts the signal', async () => {
  const aborted = Promise.withResolvers<unknown>();
  const { port } = await serve((req: Request, res: Response) => {
    const { signal } = req.abortController;
    signal.addEventListener('abort', () => aborted.resolve(signal.reason));
    res.write('x');
  });
  const [stream] = await once(get({ port }), 'response');
  stream.destroy();
  expect(await aborted.promise).toBe('request closed');
});

test('an answer that has ended does not abort', async () => {
  const closed = Promise.withResolvers<boolean>();
  const { call } = await serve((req: Request, res: Response) => {
    const { signal } = req.abortController;
    res.on('close', () => closed.resolve(signal.aborted));
    res.send('x');
  });
  await call();
  expect(await closed.promise).toBe(false);
});

test('the bytes of a form can be read again as a stream', async () => {
  const { call } = await serve((req: Request, res: Response) => {
    const parser = busboy({ headers: req.headers });
    const seen: string[] = [];
    parser.on('file', (name, file, info) => {
      file.on('data', (chunk: Buffer) => seen.push(`${name} ${info.filename} ${chunk.toString()}`));
    });
    parser.on('close', () => res.send([...seen, Buffer.isBuffer(req.body), req.rawBody?.length]));
    req.pipe(parser);
  });
  for (let i = 0; i < 2; i += 1)
    expect(JSON.parse((await call(FORM)).body)).toEqual(['f a.txt text', true, FORM.body.length]);
});

test('forms are FormData when asked for, and iteration gives the bytes', async () => {
  const { call } = await serve(async (req: Request, res: Response) => {
    const file = (await req.formData()).get('f');
    let text = '';
    for await (const chunk of req) text += String(chunk);
    res.send([file instanceof File && (await file.text()), text.length]);
  });
  expect(JSON.parse((await call(FORM)).body)).toEqual(['text', FORM.body.length]);
});

test('bodies are left unread when asked for', async () => {
  const { call } = await serve(
    async (req: Request, res: Response) => {
      let text = '';
      for await (const chunk of req) text += String(chunk);
      res.send([text, req.body, req.rawBody ?? 'none']);
    },
    'http',
    { env: { FUNC_STREAM_BODY: 'true' } },
  );
  expect(JSON.parse((await call(JSON_BODY)).body)).toEqual(['{"a":1}', {}, 'none']);
});

test('a whole Express application is a function', async () => {
  const app = express();
  app.use(express.json(), express.urlencoded({ extended: true }), cookieParser('secret'));
  app.post('/body', (req, res) => res.json({ body: req.body, cookies: req.cookies }));
  app.get('/users/:id', (req, res) => res.cookie('s', 'v', { signed: true }).send(req.params.id));
  app.get('/fail', () => {
    throw Object.assign(new Error('teapot'), { status: 418 });
  });
  app.use((error: { status: number; message: string }, _req: unknown, res: express.Response, _next: unknown) => {
    res.status(error.status).send(error.message);
  });
  const { call } = await serve(app);
  const answer = await call({ ...JSON_BODY, path: '/body', headers: { ...JSON_BODY.headers, cookie: 'c=d' } });
  expect(JSON.parse(answer.body)).toEqual({ body: { a: 1 }, cookies: { c: 'd' } });
  const user = await call('/users/5');
  expect([user.body, user.headers['set-cookie']?.[0]]).toEqual(['5', expect.stringMatching(/^s=s%3Av\./)]);
  expect(await call('/fail')).toMatchObject({ status: 418, body: 'teapot' });
  expect((await call('/nothing')).status).toBe(404);
});

test('in an Express application the members that Express does not have are there too, and time runs out', async () => {
  const app = express();
  app.get('/members', (req, res) => {
    const { executionId, abortController, body } = req as unknown as Request;
    res.json([executionId, abortController.signal.aborted, body]);
  });
  app.get('/slow', () => {});
  const { call } = await serve(app, 'http', { env: { CLOUD_RUN_TIMEOUT_SECONDS: '1' } });
  const { body } = await call({ path: '/members', headers: { 'function-execution-id': 'x1' } });
  expect(JSON.parse(body)).toEqual(['x1', false, {}]);
  expect(await call('/slow')).toMatchObject({ status: 504, headers: { 'x-openfunction-status': 'timeout' } });
});

test('Express knows no HTTP/2: such a request is refused and harms nothing', async () => {
  const app = express();
  app.get('/', (_req, res) => void res.send('fine'));
  const { port, call } = await serve(app);
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const [headers] = await once(session.request({ ':path': '/' }), 'response');
  expect(headers[':status']).toBe(505);
  expect((await call()).body).toBe('fine');
});

test('bodies that are parsed can be read once more, by applications that parse them too', async () => {
  const { call } = await serve(async (req: Request, res: Response) => {
    let text = '';
    for await (const chunk of req) text += String(chunk);
    res.send([req.body, text]);
  });
  for (let i = 0; i < 2; i += 1) expect(JSON.parse((await call(JSON_BODY)).body)).toEqual([{ a: 1 }, '{"a":1}']);
});

test('cookie-parser and other middleware work on requests of ours', async () => {
  const parse = cookieParser('secret');
  const { call } = await serve((req: Request, res: Response) => {
    parse(req as never, res as never, () => {
      res.cookie('s', 'v', { signed: true }).send(req.cookies);
    });
  });
  const { body, headers } = await call({ headers: { cookie: 'c=d' } });
  expect([body, headers['set-cookie']?.[0]]).toEqual(['{"c":"d"}', expect.stringMatching(/^s=s%3Av\./)]);
});

test('a Fastify application is a function', async () => {
  const app = fastify();
  app.post('/body', (request) => ({ got: request.body }));
  app.get('/users/:id', (request) => request.params);
  const { call } = await serve(app);
  expect((await call({ ...JSON_BODY, path: '/body' })).body).toBe('{"got":{"a":1}}');
  expect((await call('/users/5')).body).toBe('{"id":"5"}');
  await app.close();
});

test('a Hono application is a function', async () => {
  const app = new Hono();
  app.post('/body', async (context) => context.json({ got: await context.req.json() }));
  app.get('/users/:id', (context) => context.text(context.req.param('id')));
  app.get('/url', (context) => context.text(context.req.url));
  const { call } = await serve(app);
  expect((await call({ ...JSON_BODY, path: '/body' })).body).toBe('{"got":{"a":1}}');
  expect((await call('/users/5')).body).toBe('5');
  const headers = { host: 'a.example.com', 'x-forwarded-proto': 'https' };
  expect((await call({ path: '/url?x=1', headers })).body).toBe('https://a.example.com/url?x=1');
  expect((await call('/nothing')).status).toBe(404);
  expect((await call({ path: '//evil.com/url', headers: { host: 'a.b' } })).status).toBe(404);
  expect((await call({ method: 'TRACE' })).status).toBe(501);
  expect((await call({ path: '/url', headers: { host: 'a b' } })).status).toBe(400);
});

test('a web function that fails answers 500', async () => {
  const { call } = await serve({ fetch: () => Promise.reject(new Error('boom')) });
  expect(await call()).toMatchObject({ status: 500, body: 'boom' });
});
