import { expect, test } from 'vitest';
import { definePlugin, type PluginRequest, type ResponseWriter } from '../../../src/apisix/index.ts';
import { filterRequest, filterResponse, openRoute } from '../../../src/apisix/testing.ts';
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

test.each<[string, (request: PluginRequest, writer: ResponseWriter, given: never) => unknown, unknown]>([
  ['an object', (_request, writer, given) => writer.write(given), { error: 'no' }],
  ['a number', (_request, writer, given) => writer.write(given), 42],
  ['a buffer of an array', (_request, writer, given) => writer.write(given), new ArrayBuffer(3)],
  ['nothing', (_request, writer, given) => writer.write(given), undefined],
  ['a list in a header', (request, _writer, given) => request.headers.set('x', given), [104, 105]],
  ['a number in an argument', (request, _writer, given) => request.args.set('a', given), 5],
  ['a list as a body', (request, _writer, given) => request.setBody(given), ['a']],
  ['a date as a body', (request, _writer, given) => request.setBody(given), new Date(0)],
  ['a number as a path', (request, _writer, given) => (request.path = given), 5],
  ['a number as a variable', (request, _writer, given) => request.var(given), 5],
])('%s where a text should be fails where it is given', async (_, act, given) => {
  const careless = definePlugin({
    name: 'careless',
    async requestFilter(_conf, writer, request) {
      await act(request, writer, given as never);
    },
  });
  expect(await failureOf(() => filterRequest(careless, { args: { a: '1' } }))).toMatchSnapshot();
});

test('what is written empty replaces no body, and headers of a request take no second value', async () => {
  const add = definePlugin({
    name: 'add',
    parseConf: (value) => value,
    responseFilter: (text, response) => response.write(text),
  });
  const outcome = await filterResponse(
    [
      [add, 'abc'],
      [add, ''],
    ],
    { body: 'upstream' },
  );
  expect(outcome.body.toString()).toBe('abc');
  await filterRequest({
    name: 'x',
    requestFilter: (_conf, _writer, { headers }) => expect('append' in headers).toBe(false),
  });
});

test('bytes that are no UTF-8 stay what they are in paths, arguments and variables', async () => {
  const latin = Buffer.from([0x2f, 0xff]);
  const outcome = await filterRequest(
    {
      name: 'x',
      async requestFilter(_conf, _writer, request) {
        expect([request.path, request.pathBytes]).toEqual(['/ÿ', latin]);
        expect(request.args.get(Buffer.from([0xff]))).toBe('1');
        expect([request.args.has('ÿ'), request.args.bytes('b')]).toEqual([false, [Buffer.from([0xfe])]]);
        expect([...request.args.byteEntries()][0]).toEqual([Buffer.from([0xff]), Buffer.from([0x31])]);
        expect(await request.varBytes('v')).toEqual(latin);
        expect(await request.var('v')).toBe('/ÿ');
        request.path = Buffer.from([0x2f, 0xfe]);
      },
    },
    {
      path: latin,
      args: [
        [Buffer.from([0xff]), '1'],
        ['b', Buffer.from([0xfe])],
      ],
      vars: { v: latin },
    },
  );
  expect(outcome.asked).toEqual(['v']);
});

test('headers that the connection names, and those of proxies, go with it; none at all is told as well', async () => {
  const idle = definePlugin({ name: 'idle', responseFilter() {} });
  const headers = { connection: 'close, X-Hop', 'x-hop': '1', 'Proxy-Authenticate': 'Basic', etag: '"1"' };
  expect((await filterResponse(idle, { headers })).headers).toEqual([['etag', '"1"']]);
  const bare = definePlugin({ name: 'bare', responseFilter: (_conf, response) => response.headers.delete('etag') });
  expect((await filterResponse(bare, { headers })).headers).toEqual([]);
});

test('headers, arguments and variables are had as the runner gives them', async () => {
  const echo = definePlugin({
    name: 'echo',
    async requestFilter(_conf, writer, { headers, args }) {
      writer.write(JSON.stringify([headers.get('x-a'), args.values('a')]));
    },
  });
  const request = { headers: new Headers({ 'x-a': '1' }), args: new URLSearchParams('a=1&a=2') };
  expect(String((await filterRequest(echo, request)).stop?.body)).toBe('["1",["1","2"]]');
  const asks = definePlugin({
    name: 'asks',
    async requestFilter(_conf, writer, asked) {
      writer.write(JSON.stringify([await asked.var('empty'), (await asked.var('constructor')) ?? null]));
    },
  });
  expect(String((await filterRequest(asks, { vars: { empty: '' } })).stop?.body)).toBe('["",null]');
  for (const wrong of [{ args: { a: ['1', '2'] } }, { vars: { n: 5 } }, { path: 'a' }]) {
    await expect(filterRequest(asks, wrong as never)).rejects.toMatchObject({ code: 'OFN-APISIX-TEST' });
  }
  await expect(filterRequest({ requestFilter() {} } as never)).rejects.toMatchObject({ code: 'OFN-APISIX-PLUGIN' });
});

test('what APISIX never sends is no request', async () => {
  const requests = [
    { method: 'post' },
    { method: 'PURGE' },
    { srcIp: '10.0.0.1' },
    { srcIp: [256] },
    { path: 'x' },
    { path: '/x?a=1' },
    { body: { a: 1 } },
    { body: null },
    { args: { a: 5n } },
    { vars: { a: 5 } },
  ];
  for (const request of requests) {
    expect(await failureOf(() => filterRequest(plugin, request as never))).toMatchSnapshot();
  }
});

test('what APISIX never sends is no response', async () => {
  const responses = [
    { status: 70000 },
    { status: 99 },
    { status: '200' },
    { status: 200.5 },
    { body: 5 },
    { requestBody: ['a'] },
    { headers: { a: 5 } },
  ];
  for (const response of responses) {
    expect(await failureOf(() => filterResponse(plugin, response as never))).toMatchSnapshot();
  }
  for (const status of [100, 599]) expect(await filterResponse(plugin, { status })).toMatchObject({ status });
});

test('a question mark that was encoded is part of a path of bytes', async () => {
  const asks = definePlugin({
    name: 'asks',
    requestFilter: (_conf, writer, request) => writer.write(request.path),
  });
  expect(String((await filterRequest(asks, { path: Buffer.from('/a?b') })).stop?.body)).toBe('/a?b');
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

test('plugins of a route keep their state until it is closed', async () => {
  const disposed: number[] = [];
  const counter = definePlugin({
    name: 'counter',
    parseConf: (value) => ({ calls: Number(value) }),
    requestFilter(conf, writer) {
      conf.calls += 1;
      writer.write(String(conf.calls));
    },
    responseFilter: (conf, response) => response.write(String(conf.calls)),
    dispose: async ({ calls }) => void disposed.push(calls),
  });
  const route = openRoute(counter, 40);
  expect((await route.filterRequest()).stop?.body.toString()).toBe('41');
  expect((await route.filterRequest({ path: '/a' })).stop?.body.toString()).toBe('42');
  expect((await route.filterResponse()).body.toString()).toBe('42');
  expect(disposed).toEqual([]);
  await route.close();
  expect(disposed).toEqual([42]);
  // One call alone has a value of its own, which is freed behind it.
  expect((await filterRequest(counter, { conf: '7' })).stop?.body.toString()).toBe('8');
  expect(disposed).toEqual([42, 8]);
});

test('a route with what is no plugin, or with a value that its plugin refuses, is not opened', async () => {
  const fussy = definePlugin({ name: 'fussy', parseConf: () => fail('not this') });
  expect(await failureOf(() => void openRoute({ name: '' }))).toContain('OFN-APISIX-PLUGIN');
  expect(() => openRoute(fussy)).toThrow('not this');
  await expect(filterRequest(fussy)).rejects.toThrow('not this');
});

test('a list is one of pairs of a plugin and its value', async () => {
  for (const list of [[plugin], [plugin, { path: '/' }], [[plugin]], [[plugin, {}, {}]], [undefined], ['ab'], [null]]) {
    expect(await failureOf(() => void openRoute(list as never))).toContain('number 1 of the list is no pair');
    await expect(filterResponse(list as never)).rejects.toMatchObject({ code: 'OFN-APISIX-TEST' });
  }
  expect(await failureOf(() => void openRoute([[plugin, {}], plugin] as never))).toMatchSnapshot();
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  for (const value of [cyclic, 5n, () => {}]) {
    expect(await failureOf(() => void openRoute(plugin, value))).toContain('the value of "rewriter" can\'t be JSON');
  }
  expect(await failureOf(() => void openRoute([[plugin, {}]], {}))).toContain(
    'a list has a value in each of its pairs',
  );
  await expect(filterRequest([[{ name: 'idle' }, {}]])).rejects.toMatchObject({ code: 'OFN-APISIX-PLUGIN' });
});

/** A plugin whose value is one of its own number, with what it has disposed of. */
function disposing() {
  const disposed: string[] = [];
  const holder = definePlugin({
    name: 'holder',
    parseConf: (value) => (value === 'refused' ? fail(value) : value),
    requestFilter: (conf) => (conf === 'throws' ? fail(conf) : undefined),
    async dispose(conf) {
      disposed.push(conf);
      await Promise.resolve();
      if (conf.startsWith('keeps')) fail(conf);
    },
  });
  const list = (...confs: string[]) => confs.map((conf) => [holder, conf] as const);
  return { disposed, list };
}

test('a value that is refused leaves nothing behind of those before it', async () => {
  const { disposed, list } = disposing();
  expect(() => openRoute(list('a', 'keeps it', 'b', 'refused', 'never'))).toThrow('refused');
  await expect.poll(() => disposed).toEqual(['a', 'keeps it', 'b']);
  disposed.length = 0;
  await expect(filterRequest(list('a', 'keeps it', 'b', 'refused'))).rejects.toThrow('refused');
  expect(disposed).toEqual(['a', 'keeps it', 'b']);
});

test('every value is disposed of once; the first failure is told, but not instead of that of a filter', async () => {
  const { disposed, list } = disposing();
  const route = openRoute(list('a', 'keeps 1', 'b', 'keeps 2', 'c'));
  await expect(route.close()).rejects.toThrow('keeps 1');
  expect(disposed).toEqual(['a', 'keeps 1', 'b', 'keeps 2', 'c']);
  await expect(route.close()).rejects.toThrow('keeps 1');
  expect(disposed).toHaveLength(5);
  await expect(filterRequest(list('keeps it', 'throws'))).rejects.toThrow('throws');
  await expect(filterRequest(list('keeps it'))).rejects.toThrow('keeps it');
  expect(disposed.slice(5)).toEqual(['keeps it', 'throws', 'keeps it']);
});

function fail(text: string): never {
  throw new Error(text);
}
