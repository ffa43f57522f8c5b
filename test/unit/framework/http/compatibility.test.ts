import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import bodyParser from 'body-parser';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Request, Response } from '../../../../src/framework/http/types.ts';
import { ROOT } from '../../../support/artefact.ts';
import { serve } from '../../../support/function-server.ts';
import { makeClient, type Answer, type Call } from '../../../support/http-call.ts';
import { makeFolder } from '../../../support/workspace.ts';

type Handler = (req: Request, res: Response) => unknown;

interface Case extends Call {
  /** The row of docs/compatibility.md that this case proves. */
  readonly differs?: string;
}

/** Serves a handler as OpenFunction's framework does it with Express 4. */
async function serveWithExpress(handler: Handler, etag = false): Promise<(call: Call) => Promise<Answer>> {
  // Express prints every refused request.
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => printed.mockRestore());
  const app = express();
  const limit = '64kb';
  const verify = (req: object, _res: unknown, rawBody: Buffer): void => void Object.assign(req, { rawBody });
  app.use(bodyParser.json({ type: 'application/cloudevents+json', limit, verify }));
  app.use(bodyParser.json({ limit, verify }));
  app.use(bodyParser.text({ limit, verify }));
  app.use(bodyParser.urlencoded({ limit, verify, extended: true }));
  app.use(bodyParser.raw({ limit, verify, type: '*/*' }));
  app.enable('trust proxy').disable('x-powered-by').set('env', 'production');
  if (!etag) app.disable('etag');
  app.all('/*', (req, res) => void handler(req as unknown as Request, res as unknown as Response));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return makeClient((server.address() as AddressInfo).port);
}

/** Everything about a request that functions look at. */
const reflect: Handler = (req, res) =>
  res.json({
    body: Buffer.isBuffer(req.body) ? { bytes: req.body.toString('base64') } : req.body,
    rawBody: req.rawBody?.toString('base64') ?? 'none',
    query: req.query,
    params: req.params,
    path: req.path,
    url: req.url,
    originalUrl: req.originalUrl,
    baseUrl: req.baseUrl,
    method: req.method,
    protocol: req.protocol,
    secure: req.secure,
    ip: req.ip,
    ips: req.ips,
    hostname: req.hostname ?? 'none',
    subdomains: req.subdomains,
    xhr: req.xhr,
    route: req.route.path,
    accepts: [req.accepts(), req.accepts('json'), req.accepts(['html', 'text']), req.accepts('png', 'html')],
    charsets: req.acceptsCharsets('utf-8', 'latin1'),
    encodings: req.acceptsEncodings('gzip', 'br'),
    languages: req.acceptsLanguages('de', 'en'),
    is: [req.is('json'), req.is('text/*', 'urlencoded'), req.is(['html', '+json'])],
    range: req.range(1000) ?? 'none',
    header: [req.get('Content-Type') ?? 'none', req.header('referer') ?? 'none', req.get('x-a') ?? 'none'],
  });

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const post = (type: string | undefined, body: string | Buffer, headers: Record<string, string> = {}): Case => ({
  method: 'POST',
  body,
  headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
});
const differs = (row: string, one: Case): Case => ({ ...one, differs: row });
const headers = (values: Record<string, string>): Case => ({ headers: values });

const JSONS = [
  '{}',
  '[]',
  '{"a":1}',
  ' \n\t{"a":[1,2,{"b":null}]}',
  '[1,"ü",true]',
  '{"__proto__":{"x":1}}',
  '\uFEFF{"a":1}',
];
const BROKEN = ['{bad', '"text"', '42', 'null', 'true', '', ' ', '{"a":1', '[1,]', '\u0000'];
const FORMS = [
  'a=1',
  'a=1&a=2',
  'a[b]=1&a[c]=2',
  'a[]=1&a[]=2',
  'a[0]=x&a[2]=y',
  'a=%C3%BC+b',
  'a',
  '=x',
  '&&a=1&',
  'a[b][c][d][e][f][g]=deep',
  'a=1;b=2',
  'hasOwnProperty=1&toString=2',
  '%',
  '',
];
const QUERIES = [
  '',
  '?',
  '?a=1',
  '?a=1&b=2&a=3',
  '?a[b]=1',
  '?a[]=1&a[]=2',
  '?a=b=c',
  '?a=%20+x',
  '?=1',
  '?a',
  '?a&b=',
  '?a[b][c][d][e][f][g]=1',
  '?a.b=1',
  '?__proto__=1',
  '?__proto__[x]=1',
  '?hasOwnProperty=1',
  '?a=1?b=2',
  '?%E4=1',
  `?${Array.from({ length: 30 }, (_, i) => `a[${i}]=${i}`).join('&')}`,
  `?${Array.from({ length: 1200 }, (_, i) => `k${i}=1`).join('&')}`,
  '?a=1&&b=2',
  '?constructor=x&valueOf=y',
];
const PATHS = ['/', '/a', '/a/b/', '//', '/a//b', '/%20x', '/ü'.normalize(), '/a;b', '/~x', '/.well-known/y', '/a%2Fb'];

const requests: Case[] = [
  ...JSONS.flatMap((body) => [
    post('application/json', body),
    post('application/cloudevents+json; charset=utf-8', body),
  ]),
  ...BROKEN.map((body) => post('application/json', body)),
  ...FORMS.map((body) => post('application/x-www-form-urlencoded', body)),
  ...QUERIES.map((query) => ({ path: `/x${query}` })),
  ...PATHS.map((path) => ({ path: encodeURI(decodeURI(path)) })),
  ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PURGE', 'REPORT'].map((method) => ({ method })),
  ...['PUT', 'PATCH', 'DELETE', 'GET'].map((method) => Object.assign(post('application/json', '{"a":1}'), { method })),
  post('text/plain', 'text'),
  post('text/plain; charset=utf-8', 'ü'),
  post('text/plain; charset=iso-8859-1', Buffer.from('fc', 'hex')),
  post('text/plain', ''),
  post('text/html', '<p>'),
  post('application/octet-stream', Buffer.from([0, 255, 1])),
  post('application/vnd.api+json', '{"a":1}'),
  post('application/json5', '{}'),
  post('multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'),
  post('image/png', Buffer.from('89504e47', 'hex')),
  differs('untyped-body', post('nonsense', 'x')),
  post('application/json; charset=utf-16le', utf16('{"a":"ü"}')),
  post('application/json; charset=utf-16', Buffer.concat([Buffer.from('fffe', 'hex'), utf16('{"a":1}')])),
  post('application/json; charset=latin1', '{}'),
  post('application/json; charset=nonsense', '{}'),
  post('application/json; charset="utf-8"', '{"a":1}'),
  post('APPLICATION/JSON', '{"a":1}'),
  post('application/json ; charset=UTF-8', '{"a":1}'),
  post('application/x-www-form-urlencoded; charset=latin1', 'a=1'),
  post('text/plain; charset=nonsense', 'x'),
  post('application/json', gzipSync('{"a":1}'), { 'content-encoding': 'gzip' }),
  post('application/json', deflateSync('{"a":1}'), { 'content-encoding': 'deflate' }),
  post('application/json', gzipSync('{"a":1}'), { 'content-encoding': 'GZIP' }),
  post('application/json', 'not gzip', { 'content-encoding': 'gzip' }),
  post('application/json', '{}', { 'content-encoding': 'identity' }),
  post('application/json', '{}', { 'content-encoding': 'nonsense' }),
  post('text/plain', gzipSync('x'.repeat(1000)), { 'content-encoding': 'gzip' }),
  post('text/plain', gzipSync('x'.repeat(70_000)), { 'content-encoding': 'gzip' }),
  post('text/plain', 'x'.repeat(65_536)),
  post('application/json', '{"a":1}', { 'transfer-encoding': 'chunked' }),
  post('text/plain', 'x'.repeat(65_537), { 'transfer-encoding': 'chunked' }),
  post('application/x-www-form-urlencoded', Array.from({ length: 1001 }, (_, i) => `a${i}=1`).join('&')),
  post('application/x-www-form-urlencoded', `a${'[b]'.repeat(40)}=1`),
  headers({ accept: 'application/json' }),
  headers({ accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }),
  headers({ accept: 'image/*' }),
  headers({ 'accept-charset': 'utf-8;q=0.5, latin1' }),
  headers({ 'accept-encoding': 'br;q=1.0, gzip;q=0.8' }),
  headers({ 'accept-language': 'en-US,de;q=0.5' }),
  headers({ 'x-forwarded-for': '1.2.3.4' }),
  headers({ 'x-forwarded-for': '1.2.3.4, 5.6.7.8,9.10.11.12' }),
  headers({ 'x-forwarded-for': '::1, 2001:db8::1' }),
  headers({ 'x-forwarded-proto': 'https' }),
  headers({ 'x-forwarded-proto': 'https, http' }),
  headers({ 'x-forwarded-host': 'a.b.example.com:8443, proxy' }),
  headers({ host: 'tobi.ferrets.example.com' }),
  headers({ host: 'example.com:1234' }),
  headers({ host: '[::1]:8080' }),
  headers({ host: '127.0.0.1:99' }),
  headers({ 'x-requested-with': 'XMLHttpRequest' }),
  headers({ 'x-requested-with': 'fetch' }),
  headers({ range: 'bytes=0-99' }),
  headers({ range: 'bytes=0-9,20-29,-5' }),
  headers({ range: 'bytes=2000-' }),
  headers({ range: 'nonsense' }),
  headers({ referer: 'http://a/b' }),
  headers({ referrer: 'http://c/d' }),
  headers({ 'x-a': 'one' }),
  headers({ 'if-none-match': '*', 'if-modified-since': 'Sat, 01 Jan 2033 00:00:00 GMT' }),
  { method: 'GET', headers: { 'content-type': 'application/json' } },
  { method: 'POST' },
  { method: 'POST', headers: { 'content-length': '0' } },
  { method: 'POST', headers: { 'content-type': 'text/plain', 'content-length': '0' } },
  differs('untyped-body', post(undefined, 'bytes')),
  differs('brotli', post('application/json', brotliCompressSync('{"a":1}'), { 'content-encoding': 'br' })),
  differs('exotic-charset', post('text/plain; charset=utf-7', '+APw-')),
  differs('latin-charset', post('text/plain; charset=windows-1252', Buffer.from('81', 'hex'))),
  differs('malformed-path', { path: '/%' }),
  differs('sloppy-type', post('application/json;', '{"a":1}')),
];

/** Answers of every kind. */
const answers: Record<string, Handler> = {
  'send text': (_, res) => res.send('<p>ü</p>'),
  'send empty text': (_, res) => res.send(''),
  'send long text': (_, res) => res.send('ü'.repeat(5000)),
  'send bytes': (_, res) => res.send(Buffer.from([1, 2, 255])),
  'send a table': (_, res) => res.send({ a: 'ü', b: [1, null] }),
  'send a list': (_, res) => res.send([1, 'two']),
  'send true': (_, res) => res.send(true),
  'send null': (_, res) => res.send(null),
  'send nothing': (_, res) => res.send(),
  'send undefined': (_, res) => res.send(undefined),
  'send a number': (_, res) => res.send(201),
  'send an unknown number': (_, res) => res.send(299),
  'send status and body': (_, res) => (res.send as (...args: unknown[]) => void)(202, 'x'),
  'send with a method of its own': (_, res) => Reflect.apply(Reflect.get(res, 'send'), res, [203, { a: 1 }]),
  'send body and status': (_, res) => Reflect.apply(Reflect.get(res, 'send'), res, ['x', 206]),
  'json status and body': (_, res) => Reflect.apply(Reflect.get(res, 'json'), res, [201, { a: 1 }]),
  'json body and status': (_, res) => Reflect.apply(Reflect.get(res, 'json'), res, [{ a: 1 }, 201]),
  'send a date': (_, res) => res.send(new Date(0)),
  'send text with a type': (_, res) => res.type('text/plain').send('x'),
  'send text with a type and charset': (_, res) => res.set('Content-Type', 'text/plain; charset=latin1').send('x'),
  'send text as JSON': (_, res) => res.type('json').send('{"a":1}'),
  'send text with parameters': (_, res) => res.set('Content-Type', 'application/x; b=2; a=1').send('x'),
  'send bytes with a type': (_, res) => res.type('png').send(Buffer.from('x')),
  'send a table with a type': (_, res) => res.type('application/vnd.api+json').send({ a: 1 }),
  'send 204': (_, res) => res.status(204).send('ignored'),
  'send 304': (_, res) => res.status(304).send('ignored'),
  'send 205': (_, res) => res.status(205).send('ignored'),
  'send 404': (_, res) => res.status(404).send('no'),
  'json of a table': (_, res) => res.json({ a: '\u2028', b: undefined }),
  'json of null': (_, res) => res.json(null),
  'json of nothing': (_, res) => res.json(),
  'json of text': (_, res) => res.json('text'),
  'json of a number': (_, res) => res.json(42),
  'json with a type': (_, res) => res.type('application/problem+json').json({ a: 1 }),
  'json with a status': (_, res) => res.status(422).json({ errors: [] }),
  'jsonp without callback': (_, res) => res.jsonp({ a: 1 }),
  'jsonp of nothing': (_, res) => res.jsonp(),
  'sendStatus 200': (_, res) => res.sendStatus(200),
  'sendStatus 202': (_, res) => res.sendStatus(202),
  'sendStatus 204': (_, res) => res.sendStatus(204),
  'sendStatus 418': (_, res) => res.sendStatus(418),
  'sendStatus 599': (_, res) => res.sendStatus(599),
  'set one': (_, res) => res.set('X-A', 'b').end(),
  'set several': (_, res) => res.set({ 'X-A': 'b', 'Content-Type': 'text/css' }).end(),
  'set a list': (_, res) => res.set('X-A', ['b', 'c']).end(),
  'set a number': (_, res) => res.header('X-N', 5).end(),
  'set a type': (_, res) => res.set('content-type', 'application/javascript').end(),
  'set a type without text': (_, res) => res.set('content-type', 'image/svg+xml').end(),
  'get what was set': (_, res) => res.set('X-A', 'b').send(String(res.get('x-a'))),
  'append once': (_, res) => res.append('X-A', 'b').end(),
  'append twice': (_, res) => res.append('X-A', 'b').append('X-A', 'c').end(),
  'append lists': (_, res) => res.append('X-A', ['b', 'c']).append('X-A', 'd').append('X-A', ['e']).end(),
  'append a warning': (_, res) => res.append('Warning', '199 Misc').end(),
  'type html': (_, res) => res.type('html').end(),
  'type .html': (_, res) => res.type('.html').end(),
  'type txt': (_, res) => res.type('txt').end(),
  'type js': (_, res) => res.type('js').end(),
  'type bin': (_, res) => res.type('bin').end(),
  'type nonsense': (_, res) => res.type('nonsense').end(),
  'type image/png': (_, res) => res.contentType('image/png').end(),
  'type text/x; a=b': (_, res) => res.type('text/x; a=b').end(),
  'vary one': (_, res) => res.vary('Accept').end(),
  'vary several': (_, res) => res.vary('Accept').vary(['Origin', 'accept']).end(),
  'vary all': (_, res) => res.vary('*').vary('Accept').end(),
  location: (_, res) => res.location('/a b?c=ü').end(),
  'location back': (_, res) => res.location('back').end(),
  'location encoded': (_, res) => res.location('https://x.y/%20%zz').end(),
  redirect: (_, res) => res.redirect('/x'),
  'redirect with a status': (_, res) => res.redirect(301, 'https://example.com/<a>?b="c"'),
  'redirect relative': (_, res) => res.redirect('../y'),
  'redirect back': (_, res) => res.redirect('back'),
  'redirect the old way': (_, res) => Reflect.apply(Reflect.get(res, 'redirect'), res, ['/z', 303]),
  links: (_, res) => res.links({ next: '/2', last: '/5' }).end(),
  'links twice': (_, res) => res.links({ next: '/2' }).links({ last: '/5' }).end(),
  cookie: (_, res) => res.cookie('a', 'b').end(),
  'cookie of a table': (_, res) => res.cookie('a', { b: 1 }).end(),
  'cookie of a number': (_, res) => res.cookie('a', 5).end(),
  'cookie with everything': (_, res) =>
    res
      .cookie('a', 'ü ;', {
        domain: 'example.com',
        path: '/x',
        httpOnly: true,
        secure: true,
        sameSite: 'lax',
        expires: new Date(1e12),
        priority: 'high',
        partitioned: true,
      })
      .end(),
  'cookie encoded by itself': (_, res) => res.cookie('a', 'b c', { encode: (text) => text.replace(' ', '_') }).end(),
  'cookie that is strict': (_, res) => res.cookie('a', 'b', { sameSite: true }).end(),
  'two cookies': (_, res) => res.cookie('a', '1').cookie('b', '2').end(),
  'clear a cookie': (_, res) => res.clearCookie('a').end(),
  'clear a cookie of a path': (_, res) => res.clearCookie('a', { path: '/admin', domain: 'x.y' }).end(),
  format: (_, res) =>
    res.format({ text: () => void res.send('text'), html: () => void res.send('<p>'), json: () => void res.json({}) }),
  'format by type': (_, res) =>
    res.format({ 'text/plain; charset=x': () => void res.send('a'), 'image/png': () => res.end() }),
  'format with a default': (_, res) => res.format({ 'image/png': () => res.end(), default: () => void res.send('d') }),
  attachment: (_, res) => res.attachment().send('x'),
  'attachment with a name': (_, res) => res.attachment('a/ü "x".png').send('x'),
  'status and end': (_, res) => res.status(201).end('x'),
  'write and end': (_, res) => {
    res.write('a');
    res.end('b');
  },
  writeHead: (_, res) => res.writeHead(202, { 'X-A': 'b' }).end('x'),
  'statusCode and setHeader': (_, res) => {
    res.statusCode = 203;
    res.setHeader('X-A', 'b');
    res.end();
  },
  'locals and app': (_, res) => {
    res.locals['a'] = 1;
    res.json([res.locals, typeof res.app.locals, res.app.enabled('trust proxy'), res.headersSent]);
  },
};

const acceptLists = [
  'text/html',
  'application/json',
  'text/plain, text/html;q=0.5',
  'image/png',
  'application/xml',
  '*/*',
];
const negotiating = new Set([
  'format',
  'format by type',
  'redirect',
  'redirect with a status',
  'format with a default',
]);

const answerRequests = (name: string): Case[] => [
  {},
  { method: 'HEAD' },
  { headers: { referer: '/from' } },
  ...(name.startsWith('jsonp')
    ? ['/?callback=f', '/?callback=a.b[0]<x>', '/?callback=a&callback=b'].map((path) => ({ path }))
    : []),
  ...(negotiating.has(name) ? acceptLists.map((accept) => ({ headers: { accept } })) : []),
];

/** What is compared; the time, and how long a connection is kept, are the servers' own. */
function comparable({ status, headers, bytes }: Answer): unknown {
  const { date: _, 'keep-alive': __, ...rest } = headers;
  return { status, headers: rest, body: bytes.toString('latin1') };
}

interface Comparison {
  /** Requests that were answered differently, or alike where the table says differently. */
  readonly wrong: readonly unknown[];
  /** The rows of the table that were seen to be true. */
  readonly rows: readonly string[];
}

/** Sends requests to a handler behind both servers. */
async function compare(handler: Handler, cases: readonly Case[]): Promise<Comparison> {
  const env = { FUNC_BODY_LIMIT: '64kb' };
  const [theirs, ours] = [await serveWithExpress(handler), (await serve(handler, 'http', { env })).call];
  const wrong: unknown[] = [];
  const rows: string[] = [];
  for (const { differs: row, ...call } of cases) {
    const sent = { ...call, headers: { host: 'a.example.com', ...call.headers } };
    const failed = (error: unknown): string => `no answer: ${String(error)}`;
    const [express, here] = await Promise.all([
      theirs(sent).then(comparable, failed),
      ours(sent).then(comparable, failed),
    ]);
    const alike = isDeepStrictEqual(express, here);
    if (alike !== (row === undefined)) {
      wrong.push({ ...call, body: call.body?.toString().slice(0, 40), row, express, here });
    } else if (row !== undefined) {
      rows.push(row);
    }
  }
  return { wrong, rows };
}

/** Rows that have a test of their own. */
const PROVED_BELOW = new Set(['etag', 'json-view', 'too-large', 'own-members', 'application']);

function rowsOfTable(): string[] {
  const lines = readFileSync(join(ROOT, 'docs/compatibility.md'), 'utf8').split('\n');
  return lines
    .flatMap((line) => /^\| ([a-z-]+) +\|/.exec(line)?.[1] ?? [])
    .filter((id) => !/^(?:difference|-+)$/.test(id));
}

test(`functions see the same of ${requests.length} requests as with Express 4, and the table's differences`, async () => {
  const { wrong, rows } = await compare(reflect, requests);
  expect(wrong).toEqual([]);
  expect(new Set(rows)).toEqual(new Set(rowsOfTable().filter((row) => !PROVED_BELOW.has(row))));
});

test.each(Object.entries(answers))('the answer of "%s" is the same as with Express 4', async (name, handler) => {
  expect((await compare(handler, answerRequests(name))).wrong).toEqual([]);
});

test('no ETag, and no 304 of our own', async () => {
  const handler: Handler = (_, res) => res.send('x');
  const theirs = await (await serveWithExpress(handler, true))({});
  const { call } = await serve(handler);
  expect(theirs.headers.etag).toBeDefined();
  const answer = await call({ headers: { 'if-none-match': String(theirs.headers.etag) } });
  expect([answer.status, answer.headers.etag]).toEqual([200, undefined]);
});

test('a body that is too large is refused at once, and not read to its end', async () => {
  const { call } = await serve(() => {}, 'http', { env: { FUNC_BODY_LIMIT: '64kb' } });
  const theirs = await (await serveWithExpress(() => {}))(post('text/plain', 'x'.repeat(65_537)));
  expect(comparable(await call(post('text/plain', 'x'.repeat(65_537))))).toEqual(comparable(theirs));
  const { port } = await serve(() => {}, 'http', { env: { FUNC_BODY_LIMIT: '64kb' } });
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => {});
  socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${2 ** 30}\r\n\r\n`);
  let sent = 0;
  const chunk = Buffer.alloc(65_536);
  while (!socket.destroyed && sent < 2 ** 28) {
    sent += chunk.length;
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
  }
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(sent).toBeLessThan(2 ** 25);
});

test.each<[string, Handler, unknown, unknown]>([
  [
    'own-members',
    (req, res) => res.json(['query', 'params'].map((name) => Object.hasOwn(req, name))),
    [true, true],
    [false, false],
  ],
  [
    'application',
    (req, res) => res.json([typeof Reflect.get(req, 'next'), typeof Reflect.get(req.app, 'use'), typeof req.app.get]),
    ['function', 'function', 'function'],
    ['undefined', 'undefined', 'function'],
  ],
])('the row "%s" is true', async (_, handler, express, here) => {
  expect(JSON.parse((await (await serveWithExpress(handler))({})).body)).toEqual(express);
  expect(JSON.parse((await (await serve(handler)).call()).body)).toEqual(here);
});

test('there is no view engine', async () => {
  const { call } = await serve((_: Request, res: Response) => res.render('index'));
  expect((await call()).status).toBe(501);
});

test.each<[string, string, Case]>([
  ['a file', 'a.txt', {}],
  ['a range', 'a.txt', { headers: { range: 'bytes=2-4' } }],
  ['two ranges', 'a.txt', { headers: { range: 'bytes=0-1,4-5' } }],
  ['a range beyond the end', 'a.txt', { headers: { range: 'bytes=100-' } }],
  ['a file that has not changed', 'a.txt', { headers: { 'if-modified-since': 'Sat, 01 Jan 2050 00:00:00 GMT' } }],
  ['the head of a file', 'a.txt', { method: 'HEAD' }],
  ['a folder', 'folder', {}],
  ['a file with a type', 'b.json', {}],
  ['a hidden file', '.hidden', {}],
])('sendFile and download of %s are the same as with Express 4', async (_, file, one) => {
  const folder = makeFolder({ 'a.txt': 'abcdefgh', 'b.json': '{}', '.hidden': 'x', 'folder/c': '' });
  for (const act of ['sendFile', 'download', 'root'] as const) {
    const handler: Handler = (_req, res) => {
      if (act === 'root') res.sendFile(file, { root: folder, maxAge: 1000, headers: { 'X-A': 'b' } });
      else res[act](join(folder, file));
    };
    expect((await compare(handler, [one])).wrong).toEqual([]);
  }
});
