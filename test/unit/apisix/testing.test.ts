import { expect, test } from 'vitest';
import { definePlugin } from '../../../src/apisix/index.ts';
import { filterRequest, filterResponse } from '../../../src/apisix/testing.ts';
import { failureOf } from '../../support/failure.ts';

const plugin = definePlugin({
  name: 'rewriter',
  parseConf: (value) => JSON.parse(value) as { readonly path: string },
  async requestFilter({ path }, writer, request) {
    if ((await request.var('consumer_name')) === undefined) {
      writer.writeHeader(401);
      writer.headers.append('www-authenticate', 'Basic');
      return;
    }
    request.path = path;
    request.headers.set('x-peer', request.srcIp ?? 'nobody');
    request.headers.delete('cookie');
    request.responseHeaders.append('set-cookie', 'a=1');
    request.setBody(`[${(await request.body())?.toString()}]`);
  },
  async responseFilter(_conf, response) {
    response.log.info(`${response.status} ${response.headers.get('content-type')}`);
    response.headers.delete('server');
    response.write(Buffer.concat([Buffer.from('>'), (await response.body()) ?? Buffer.alloc(0)]));
  },
});

test('a request that is stopped', async () => {
  expect(await filterRequest(plugin, { conf: { path: '/x' } })).toEqual({
    stop: { status: 401, headers: [['www-authenticate', 'Basic']], body: Buffer.alloc(0) },
    asked: ['consumer_name'],
    logged: [],
  });
});

test('a request that is changed', async () => {
  const outcome = await filterRequest(plugin, {
    conf: '{"path": "/new"}',
    path: '/old',
    args: [
      ['q', '1'],
      ['q', '2'],
      ['flag', null],
    ],
    headers: { cookie: 'b=2', host: 'h' },
    srcIp: [10, 0, 0, 1],
    vars: { consumer_name: 'jane' },
    body: 'body',
  });
  expect(outcome).toEqual({
    rewrite: {
      path: '/new',
      headers: [
        ['x-peer', '10.0.0.1'],
        ['cookie', null],
      ],
      // One argument keeps the query alive.
      args: [
        ['q', '1'],
        ['q', '2'],
      ],
      responseHeaders: [['set-cookie', 'a=1']],
      body: Buffer.from('[body]'),
    },
    asked: ['consumer_name', 'request body'],
    logged: [],
  });
});

test('a response', async () => {
  const outcome = await filterResponse(plugin, {
    conf: { path: '/' },
    status: 404,
    headers: [
      ['Content-Type', 'text/html'],
      ['Server', 'x'],
      ['ETag', '"1"'],
      ['Connection', 'close'],
    ],
    body: 'none',
  });
  expect(outcome).toEqual({
    status: 404,
    // What tells of the body before is gone with it.
    headers: [['Content-Type', 'text/html']],
    body: Buffer.from('>none'),
    asked: ['response body'],
    logged: ['404 text/html'],
  });
});

test('several plugins run in their order; each body takes the place of the one before', async () => {
  const add = definePlugin({
    name: 'add',
    parseConf: (value) => value,
    async responseFilter(text, response) {
      response.write(`${(await response.body())?.toString()}${text}`);
      if (text === 'end') response.end();
    },
  });
  const steps = ['a', 'end', 'never'].map((conf) => [add, conf] as const);
  expect((await filterResponse(steps, { body: '>' })).body.toString()).toBe('>aend');
});

test('what can not be told to APISIX fails where it is said', async () => {
  const doing = (act: Parameters<typeof definePlugin<unknown>>[0]['requestFilter']) =>
    filterRequest({ name: 'x', ...(act && { requestFilter: act }) });
  const acts: NonNullable<Parameters<typeof definePlugin<unknown>>[0]['requestFilter']>[] = [
    (_conf, writer) => writer.writeHeader(100),
    (_conf, writer) => writer.writeHeader(200.5),
    (_conf, writer) => writer.headers.append('a b', 'c'),
    (_conf, writer) => writer.headers.append('a', 'c\r\nd: e'),
    (_conf, _writer, request) => request.headers.set('a', Buffer.from('\0')),
    (_conf, _writer, request) => void (request.path = 'x'),
    (_conf, _writer, request) => request.setBody(''),
  ];
  for (const act of acts) expect(await failureOf(() => doing(act))).toMatchSnapshot();
});
