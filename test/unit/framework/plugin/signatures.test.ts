import { expect, test } from 'vitest';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import type { OpenFunctionContext } from '../../../../src/framework/context/types.ts';
import type { CloudEvent, Request, Response } from '../../../../src/framework/index.ts';
import type { SignatureType } from '../../../../src/framework/signature/types.ts';
import { serve } from '../../../support/function-server.ts';
import type { Call } from '../../../support/http-call.ts';
import { makeFolder } from '../../../support/workspace.ts';

const HOOK_ABORT = new URL('../../../../src/framework/plugin/hook-abort.ts', import.meta.url).href;

/** Plugins of one file each, by their names. */
const FILES = {
  /** Marks what comes in and what goes out. */
  'mark.cjs': `exports.mark = {
    name: 'mark',
    execPreHook(ctx) {
      if (ctx.data?.specversion) ctx.data.data.marked = 1;
      else if (ctx.data) ctx.data = { ...ctx.data, marked: 1 };
      ctx.res.set('x-pre', ctx.name);
    },
    execPostHook(ctx) {
      if (ctx.error) ctx.res.set('x-error', ctx.error.message);
      else if (ctx.result !== undefined && !ctx.res.headersSent) ctx.result = { marked: ctx.result };
    },
  };`,
  /** Answers instead of the function. */
  'guard.mjs': `import { HookAbort } from '${HOOK_ABORT}';
  const BODIES = { table: { error: 'no token' }, text: 'no token', number: 5, none: undefined, null: null };
  export const guard = {
    name: 'guard',
    execPreHook(ctx) {
      const { 'x-body': body, 'x-code': code = '401', 'x-own': own } = ctx.req.headers;
      ctx.res.set('www-authenticate', 'Bearer');
      if (own === 'ended') ctx.res.redirect('/login');
      if (own === 'begun') ctx.res.write('begun');
      if (body) throw new HookAbort(Number(code), BODIES[body]);
    },
  };`,
};

const lists = (...names: string[]): Partial<OpenFunctionContext> => ({ prePlugins: names, postPlugins: names });

/** Serves a function with plugins beside it. */
const serveWith = (handler: unknown, type: SignatureType, context: Partial<OpenFunctionContext>) =>
  serve(handler, type, { env: { FUNC_PLUGINS_DIR: makeFolder(FILES) }, context });

const CE = { 'ce-id': '1', 'ce-source': 's', 'ce-type': 't', 'ce-specversion': '1.0' };
const post = (headers: Record<string, string> = {}): Call => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...CE, ...headers },
  body: '{"a":1}',
});

type Ctx = OpenFunctionInvocation;
const echoes: Record<SignatureType, unknown> = {
  http: (req: Request, res: Response) => void res.send(req.body),
  event: (data: unknown) => data,
  cloudevent: (event: CloudEvent) => event.data,
  typed: (value: unknown) => value,
  openfunction: (_ctx: Ctx, data: unknown) => data,
};
const types = Object.keys(echoes) as SignatureType[];
const others = types.filter((type) => type !== 'openfunction');

test.each(types)('%s: hooks change what goes in and what comes out', async (type) => {
  const { call } = await serveWith(echoes[type], type, { name: 'fn', ...lists('mark') });
  const { status, body, headers } = await call(post());
  // A function that answered by itself is past changing.
  const expected = { a: 1, marked: 1 };
  expect([status, JSON.parse(body), headers['x-pre']]).toEqual([
    200,
    type === 'http' ? expected : { marked: expected },
    'fn',
  ]);
});

test('a function of the web standard: its answer is what it returns, its request what came in', async () => {
  const app = { fetch: async (request: globalThis.Request) => new Response(await request.text()) };
  const { call } = await serveWith(app, 'http', lists('mark', 'guard'));
  expect(await call(post())).toMatchObject({ status: 200, body: '{"a":1}' });
  expect(await call(post({ 'x-body': 'text' }))).toMatchObject({ status: 401, body: 'no token' });
});

test('an HTTP function that returns a web answer: a hook may put another in its place', async () => {
  const folder = makeFolder({
    'a.cjs': `exports.a = { name: 'a', execPostHook(ctx) { ctx.result = new Response(ctx.result.status + '!', { status: 201 }); } };`,
  });
  const { call } = await serve(() => new Response('x'), 'http', {
    env: { FUNC_PLUGINS_DIR: folder },
    context: lists('a'),
  });
  expect(await call()).toMatchObject({ status: 201, body: '200!' });
});

test.each(others)('%s: hooks run only where the context lists them', async (type) => {
  const { call } = await serveWith(echoes[type], type, {});
  const { status, body, headers } = await call(post({ 'x-body': 'text' }));
  expect([status, JSON.parse(body), headers['x-pre']]).toEqual([200, { a: 1 }, undefined]);
  const listed = await serveWith(echoes[type], type, { prePlugins: ['guard'] });
  const answer = await listed.call(post());
  expect([JSON.parse(answer.body), answer.headers['www-authenticate']]).toEqual([{ a: 1 }, 'Bearer']);
});

test('openfunction: all hooks run where the context lists none', async () => {
  const { call } = await serveWith(echoes.openfunction, 'openfunction', {});
  const { body, headers } = await call(post());
  expect([JSON.parse(body), headers['www-authenticate'], headers['x-pre']]).toEqual([
    { marked: { a: 1, marked: 1 } },
    'Bearer',
    'hello',
  ]);
});

test.each(['skywalking', 'opentelemetry', 'SkyWalking'])(
  'tracing by %s in the lists is no plugin, and makes no list of its own',
  async (name) => {
    const all = await serveWith(echoes.openfunction, 'openfunction', lists(name));
    expect((await all.call(post())).headers).toMatchObject({ 'x-pre': 'hello', 'www-authenticate': 'Bearer' });
    const some = await serveWith(echoes.openfunction, 'openfunction', lists('guard', name));
    expect((await some.call(post())).headers['x-pre']).toBeUndefined();
    const http = await serveWith(echoes.http, 'http', lists(name));
    expect((await http.call(post())).headers['x-pre']).toBeUndefined();
  },
);

test.each(types)('%s: a HookAbort is the answer', async (type) => {
  const { call, logged } = await serveWith(() => 'called', type, lists('guard'));
  const answers = ['table', 'text', 'number', 'none', 'null'].map(async (body) => {
    const answer = await call(post({ 'x-body': body }));
    return [answer.status, answer.headers['www-authenticate'], answer.body];
  });
  expect(await Promise.all(answers)).toEqual([
    [401, 'Bearer', '{"error":"no token"}'],
    [401, 'Bearer', 'no token'],
    [401, 'Bearer', '5'],
    [401, 'Bearer', ''],
    [401, 'Bearer', ''],
  ]);
  expect((await call(post({ 'x-body': 'none', 'x-code': '204' }))).status).toBe(204);
  expect(logged).toEqual([]);
});

test('a hook may have answered by itself before its HookAbort; an answer that it has begun is broken off', async () => {
  const { call, logged } = await serveWith(() => 'called', 'openfunction', lists('guard'));
  const { status, headers } = await call(post({ 'x-body': 'none', 'x-own': 'ended' }));
  expect([status, headers.location, logged]).toEqual([302, '/login', []]);
  await expect(call(post({ 'x-body': 'none', 'x-own': 'begun' }))).rejects.toThrow('aborted');
  expect(logged).toEqual(['HookAbort: A hook ended the call with 401.']);
});

test('of a batch each event has its hooks; one that a hook ended well is no failure', async () => {
  const folder = makeFolder({
    'a.mjs': `import { HookAbort } from '${HOOK_ABORT}';
    export const a = { name: 'a', execPreHook: (ctx) => { if (ctx.data.id !== '1') throw new HookAbort(ctx.data.id === '2' ? 202 : 403); } };`,
  });
  const called: string[] = [];
  const handler = (event: CloudEvent): void => void called.push(event.id);
  const { call } = await serve(handler, 'cloudevent', { env: { FUNC_PLUGINS_DIR: folder }, context: lists('a') });
  const send = (...ids: string[]) =>
    call({
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify(ids.map((id) => ({ id, source: 's', type: 't', specversion: '1.0' }))),
    });
  expect((await send('1', '2')).status).toBe(204);
  expect(await send('1', '2', '3')).toMatchObject({ status: 500, body: 'Failed events: 3' });
  expect(called).toEqual(['1', '1']);
});

test.each(types)('%s: post hooks see what a function throws', async (type) => {
  const thrower = (): never => {
    throw new Error('boom');
  };
  const folder = makeFolder({
    'a.cjs': `exports.a = { name: 'a', execPostHook(ctx) { ctx.error = new Error('seen ' + ctx.error.message); } };`,
  });
  const { call } = await serve(thrower, type, { env: { FUNC_PLUGINS_DIR: folder }, context: lists('a') });
  expect(await call(post())).toMatchObject({ status: 500, body: 'seen boom' });
});

test('hooks run after a function that answered by itself, and can not change its answer', async () => {
  const answering = (ctx: Ctx): string => {
    ctx.res?.status(201).send('own');
    return 'ignored';
  };
  const { call, logged } = await serveWith(answering, 'openfunction', {});
  expect(await call(post())).toMatchObject({ status: 201, body: 'own' });
  expect(logged).toEqual([]);
});

test('functions find plugins by their names', async () => {
  const finder = (ctx: Ctx): unknown => [ctx.getPlugin('mark')?.name, ctx.getPlugin('none') ?? null];
  const { call } = await serveWith(finder, 'openfunction', lists('guard'));
  expect(JSON.parse((await call(post())).body)).toEqual(['mark', null]);
});

test('overlapping calls keep what is theirs', async () => {
  const folder = makeFolder({
    'a.cjs': `exports.A = class {
      static scope = 'request';
      name = 'a';
      async execPreHook(ctx) { this.id = ctx.data.id; await new Promise(setImmediate); ctx.locals.id = this.id; }
      async execPostHook(ctx) { await new Promise(setImmediate); ctx.result = [ctx.result, this.id, ctx.locals.id]; }
    };`,
  });
  const handler = async (ctx: Ctx, data: { id: number }) => {
    await new Promise(setImmediate);
    return ctx.locals['id'] === data.id ? data.id : 'mixed up';
  };
  const { call } = await serve(handler, 'openfunction', { env: { FUNC_PLUGINS_DIR: folder } });
  const ids = Array.from({ length: 50 }, (_, id) => id);
  const answers = ids.map(async (id) => JSON.parse((await call({ ...post(), body: JSON.stringify({ id }) })).body));
  expect(await Promise.all(answers)).toEqual(ids.map((id) => [id, id, id]));
});

test.each([
  ['a folder', ''],
  ['a file', '/index.js'],
  ['a file without its suffix', '/index'],
])('plugins are in the folder "plugins" of a source that is %s', async (_, file) => {
  const folder = makeFolder({
    'index.js': '',
    'plugins/a.cjs': `exports.a = { name: 'a', execPostHook(ctx) { ctx.result = 'hooked'; } };`,
  });
  const { call } = await serve(() => 'x', 'openfunction', { env: { FUNCTION_SOURCE: folder + file } });
  expect((await call()).body).toBe('hooked');
});
