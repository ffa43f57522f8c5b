import { createServer as createWebServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerOf, call, HEADERS, listen, startBoth } from '../../support/apisix/openfunction.ts';
import { KIND } from '../../support/apisix/client.ts';
import { encode, type Fields, type TestEntry } from '../../support/apisix/messages.ts';
import { startRunner } from '../../support/apisix/runners.ts';
import { makeSite } from '../../support/buildpack.ts';
import { ownPort } from '../../support/own-port.ts';
import { start } from '../../support/process.ts';
import { expectPrinted } from '../../support/server-process.ts';
import { freePort } from '../../support/sidecar.ts';

test('a function gets method, path, query, headers and body, and its answer is the response', async () => {
  const { runner, uri } = await startBoth();
  const request = {
    method: 2,
    args: [
      ['a', '1'],
      ['a', 'é &='],
      ['flag', null],
    ] as const,
    headers: [
      ...HEADERS,
      ['cookie', 'a=1'],
      ['x-multi', 'one'],
      ['x-multi', 'two'],
      ['authorization', 'Bearer own'],
      ['content-length', '4'],
      ['transfer-encoding', 'chunked'],
      ['expect', '100-continue'],
      ['connection', 'close, x-hop'],
      ['x-hop', '1'],
    ] as const,
  };
  const answer = await call(runner, { function_uri: `${uri}/fn` }, request, { body: 'body' });
  expect(answer.status).toBe(200);
  expect(answer.told()).toEqual({
    method: 'POST',
    url: '/fn?a=1&a=%C3%A9%20%26%3D&flag',
    body: 'body',
    headers: {
      host: '127.0.0.1',
      cookie: 'a=1',
      'x-multi': 'one, two',
      authorization: 'Bearer own',
      'content-length': '4',
      connection: expect.any(String),
    },
  });
  expect(answer.asked).toEqual(['var uri_param_:ext', 'request body']);
});

test('a function that the buildpack has built answers', async () => {
  const site = makeSite('hello-esm');
  expect((await site.build({ FUNC_NAME: 'hello' })).exitCode).toBe(0);
  const port = await ownPort();
  const env = { PORT: String(port), NODE_ENV: 'development' };
  const served = start('node', [join(site.layers, 'function/main.mjs')], env);
  const [runner] = await Promise.all([startRunner(), expectPrinted(served, 'URL: http://localhost:')]);
  const conf = { function_uri: `http://127.0.0.1:${port}`, authorization: { service_token: 'a:b' } };
  expect(await call(runner, conf)).toMatchObject({ status: 200, body: 'Hello, World!\n' });
  served.kill('SIGTERM');
  await served.ended;
  expect((await call(runner, conf)).status).toBe(503);
});

test('status, headers of one name and bytes come back as they are', async () => {
  const { runner, uri } = await startBoth();
  const answer = await call(runner, { function_uri: uri }, { args: [['do', 'raw']] });
  expect(answer.status).toBe(418);
  expect(answer.body).toBe('\u0000\u00ff');
  const names = answer.headers.map(([name]) => name.toLowerCase());
  expect(names.filter((name) => name === 'set-cookie')).toHaveLength(2);
  expect(names).not.toContain('connection');
  expect(names).not.toContain('content-length');
});

test.each([
  ['http://h/fn', 'a/b', '/fn/a/b'],
  ['http://h/fn/', 'a', '/fn/a'],
  ['http://h', 'a', '/a'],
  ['http://h/fn', '', '/fn/'],
  ['http://h/fn', undefined, '/fn'],
  ['http://h/fn?own=1', 'a', '/fn/a?own=1'],
  ['http://h/fn', 'a b/ü', '/fn/a%20b/%C3%BC'],
])('%s with the rest %s is called at %s', async (pattern, ext, expected) => {
  const { runner, uri } = await startBoth();
  const vars = ext === undefined ? {} : { 'uri_param_:ext': ext };
  const answer = await call(runner, { function_uri: pattern.replace('http://h', uri) }, {}, { vars });
  expect(answer.told()['url']).toBe(expected);
  // Nothing says that there is a body.
  expect(answer.asked).toEqual(['var uri_param_:ext']);
});

test('bytes that are no UTF-8 are encoded as they are', async () => {
  const { runner, uri } = await startBoth();
  const bytes = Buffer.from([0x61, 0xff]);
  const request = { path: Buffer.concat([Buffer.from('/hello/'), bytes]), args: [[bytes, bytes] as const] };
  const answer = await call(runner, { function_uri: `${uri}/fn` }, request, { vars: { 'uri_param_:ext': bytes } });
  expect(answer.told()['url']).toBe('/fn/a%FF?a%FF=a%FF');
  const prefixed = await call(runner, { function_uri: uri, path_prefix: '/hello' }, request);
  expect(prefixed.told()['url']).toBe('/a%FF?a%FF=a%FF');
});

test('a prefix of the path stands in for the variable', async () => {
  const { runner, uri } = await startBoth();
  const conf = { function_uri: `${uri}/fn`, path_prefix: '/hello/' };
  const answer = await call(runner, conf, { path: '/hello/a/b' });
  expect([answer.told()['url'], answer.asked]).toEqual(['/fn/a/b', []]);
  expect((await call(runner, conf, { path: '/hello' })).told()['url']).toBe('/fn');
  expect((await call(runner, conf, { path: '/helloworld' })).told()['url']).toBe('/fn');
});

test('strictly as APISIX: no query of the address, and the mark of an empty one', async () => {
  const { runner, uri } = await startBoth();
  const conf = { function_uri: `${uri}/fn?own=1`, strict_apisix: true };
  const vars = { 'uri_param_:ext': 'a' };
  expect((await call(runner, conf, {}, { vars })).told()['url']).toBe('/fn/a?');
  expect((await call(runner, conf, { args: [['q', '1']] }, { vars })).told()['url']).toBe('/fn/a?q=1');
  // APISIX sends a path as it is decoded; a blank in one ends it, which functions take for a bad request.
  expect((await call(runner, conf, {}, { vars: { 'uri_param_:ext': 'a b' } })).status).toBe(400);
  // Bytes above those of ASCII are sent.
  const lines: Buffer[] = [];
  const port = await listen(
    createServer((socket) => {
      socket.on('data', (chunk) => {
        lines.push(chunk);
        socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      });
    }),
  );
  const to = { ...conf, function_uri: `http://127.0.0.1:${port}/fn` };
  expect((await call(runner, to, {}, { vars: { 'uri_param_:ext': 'é日' } })).status).toBe(204);
  expect(Buffer.concat(lines).toString()).toMatch(/^GET \/fn\/é日\? HTTP/);
});

test('a token of the service takes the place of the client’s own, and is in no line of the log', async () => {
  const { runner, uri } = await startBoth();
  const conf = { function_uri: uri, authorization: { service_token: 'user:secret' }, host_header: 'fn.example' };
  const { headers } = (await call(runner, conf, { headers: [...HEADERS, ['authorization', 'own']] })).told();
  expect(headers).toMatchObject({ authorization: `Basic ${btoa('user:secret')}`, host: 'fn.example' });
  await call(runner, { ...conf, function_uri: `http://127.0.0.1:${await freePort()}` });
  await call(runner, { ...conf, function_uri: 1 });
  const client = await runner.connect();
  await client.prepare([['openfunction', '{"authorization": {"service_token": "user:secret"']]);
  expect(runner.child.output()).not.toContain('secret');
  expect(runner.child.output()).not.toContain(btoa('user:secret'));
});

test('bodies above the limit are a 400', async () => {
  const { runner, uri } = await startBoth();
  const conf = { function_uri: uri, max_req_body_size: 4 };
  expect((await call(runner, conf, { method: 2 }, { body: '12345' })).status).toBe(400);
  expect((await call(runner, conf, { method: 2 }, { body: '1234' })).status).toBe(200);
});

test('what keeps a function from answering is a 503, and why stands in the log', async () => {
  const { runner, uri } = await startBoth();
  const silent = await listen(createServer(() => {}));
  const cases: [object, Fields, RegExp][] = [
    [{ function_uri: `http://127.0.0.1:${await freePort()}` }, {}, /ECONNREFUSED/],
    [{ function_uri: 'http://nowhere.invalid' }, {}, /nowhere\.invalid/],
    [{ function_uri: 'ftp://127.0.0.1' }, {}, /bad uri/],
    [{ function_uri: 'no uri' }, {}, /bad uri/],
    [{ function_uri: `http://127.0.0.1:${silent}`, timeout: 200 }, {}, /Timeout/i],
    [
      { function_uri: uri, timeout: 200 },
      {
        args: [
          ['do', 'sleep'],
          ['milliseconds', '3000'],
        ],
      },
      /Timeout/i,
    ],
    [{ function_uri: uri }, { args: [['do', 'die']] }, /other side closed|ECONNRESET|socket hang up/i],
    [{ function_uri: uri }, { args: [['do', 'large']] }, /too large/],
  ];
  for (const [conf, request, why] of cases) {
    const before = runner.child.output().length;
    expect({ conf, status: (await call(runner, conf, request)).status }).toEqual({ conf, status: 503 });
    await runner.child.printed(why);
    const printed = runner.child.output().slice(before);
    expect(printed).toContain('failed to process openfunction, err: ');
    expect(printed).toMatch(why);
  }
});

test('a client that goes away while a function works is one quiet line', async () => {
  const { runner, uri } = await startBoth();
  const client = await runner.connect();
  const token = await client.prepare([['openfunction', JSON.stringify({ function_uri: uri })]]);
  const args: readonly TestEntry[] = [
    ['do', 'sleep'],
    ['milliseconds', '60000'],
  ];
  client.send(KIND.request, encode('request', { id: 5, conf_token: token, headers: HEADERS, args }));
  client.socket.end();
  await runner.child.printed('Request 5: The connection was closed while the plugin "openfunction" ran.');
  expect(runner.child.output()).not.toContain('ERROR');
});

test('a function has time, however much a route gives it', async () => {
  const { runner, uri } = await startBoth();
  for (const timeout of [2 ** 31, Number.MAX_SAFE_INTEGER]) {
    expect((await call(runner, { function_uri: uri, timeout })).status).toBe(200);
  }
  expect(runner.child.output()).not.toContain('TimeoutOverflowWarning');
});

test('a connection is kept, however long a route keeps it', async () => {
  const runner = await startRunner();
  let connections = 0;
  const server = createWebServer((_request, response) => void response.end('fine'));
  // Else it says itself how long it keeps them.
  server.keepAliveTimeout = 0;
  server.on('connection', () => (connections += 1));
  const conf = { function_uri: `http://127.0.0.1:${await listen(server)}`, keepalive_timeout: 2 ** 31 };
  const client = await runner.connect();
  const token = await client.prepare([['openfunction', JSON.stringify(conf)]]);
  for (let calls = 0; calls < 4; calls += 1) {
    expect(answerOf(await client.request(token, { headers: HEADERS })).body).toBe('fine');
  }
  expect(connections).toBe(1);
  expect(runner.child.output()).not.toContain('TimeoutOverflowWarning');
});

test('values that are not as they should be are said in the words of APISIX, and the route runs without the plugin', async () => {
  const { runner } = await startBoth();
  const cases: [object, string][] = [
    [{}, 'property "function_uri" is required'],
    [{ function_uri: 1 }, 'property "function_uri" validation failed: wrong type: expected string, got number'],
    [{ function_uri: 'x', timeout: 99 }, 'property "timeout" validation failed: expected 99 to be at least 100'],
    [
      { function_uri: 'x', timeout: 1.5 },
      'property "timeout" validation failed: wrong type: expected integer, got number',
    ],
    [
      { function_uri: 'x', keepalive_pool: 0 },
      'property "keepalive_pool" validation failed: expected 0 to be at least 1',
    ],
    [
      { function_uri: 'x', keepalive_timeout: 999 },
      'property "keepalive_timeout" validation failed: expected 999 to be at least 1000',
    ],
    [
      { function_uri: 'x', max_req_body_size: 0 },
      'property "max_req_body_size" validation failed: expected 0 to be at least 1',
    ],
    [
      { function_uri: 'x', timeout: null },
      'property "timeout" validation failed: wrong type: expected integer, got userdata',
    ],
    [
      { function_uri: 'x', path_prefix: 'hello' },
      'property "path_prefix" validation failed: failed to match pattern "^/" with "hello"',
    ],
    [
      { function_uri: 'x', authorization: { service_token: true } },
      'property "authorization" validation failed: property "service_token" validation failed: wrong type: expected string, got boolean',
    ],
  ];
  const client = await runner.connect();
  for (const [conf, fault] of cases) {
    const reply = await client.request(await client.prepare([['openfunction', JSON.stringify(conf)]]));
    expect(reply.message).toEqual({ id: 7 });
    expect(await runner.child.printed(fault)).toContain(fault);
  }
});

test('connections are kept for the route up to their number, and no call waits for another', async () => {
  const sockets: unknown[] = [];
  let waiting = Promise.withResolvers<void>();
  let count = 0;
  const { createServer: createHttpServer } = await import('node:http');
  const server = createHttpServer((_req, res) => {
    count += 1;
    if (count === 4) waiting.resolve();
    void waiting.promise.then(() => res.end('done'));
  });
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
  });
  const uri = `http://127.0.0.1:${await listen(server)}`;
  const runner = await startRunner();
  const first = await runner.connect();
  const token = await first.prepare([['openfunction', JSON.stringify({ function_uri: uri, keepalive_pool: 2 })]]);
  const clients = await Promise.all([1, 2, 3, 4].map(() => runner.connect()));
  const answers = await Promise.all(clients.map((client) => client.request(token, { headers: HEADERS })));
  expect(answers.map((answer) => answerOf(answer).status)).toEqual([200, 200, 200, 200]);
  await expect.poll(() => sockets.length).toBe(2);
  waiting = Promise.withResolvers();
  waiting.resolve();
  expect(answerOf(await first.request(token, { headers: HEADERS })).status).toBe(200);
  expect(sockets).toHaveLength(2);
  server.closeAllConnections();
});
