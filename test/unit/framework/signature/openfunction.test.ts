import { expect, test } from 'vitest';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { serve } from '../../../support/function-server.ts';
import type { Call } from '../../../support/http-call.ts';

type Handler = (ctx: OpenFunctionInvocation, data: unknown) => unknown;

const serveOpen = (handler: Handler, env: Record<string, string> = {}, context = {}) =>
  serve(handler, 'openfunction', { env, context });
const json = (body: unknown, headers: Record<string, string> = {}): Call => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

test('context and data come in', async () => {
  const context = { name: 'fn', outputs: { target: { componentName: 'c', componentType: 'pubsub.x', uri: 't' } } };
  const { call } = await serveOpen(
    (ctx, data) => ({ name: ctx.name, outputs: ctx.outputs, path: ctx.req?.path, data }),
    {},
    context,
  );
  expect(JSON.parse((await call({ ...json({ a: 1 }), path: '/p' })).body)).toEqual({
    ...context,
    path: '/p',
    data: { a: 1 },
  });
});

test('every method reaches it', async () => {
  const { call } = await serveOpen((ctx) => ctx.req?.method);
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) expect((await call({ method })).body).toBe(method);
});

test.each<[string, unknown, unknown]>([
  ['nothing', undefined, [204, '', undefined]],
  ['a text', 'x', [200, 'x', undefined]],
  ['a table', { a: 1 }, [200, '{"a":1}', undefined]],
  ['a table with a code of its own meaning', { code: 5, b: 1 }, [200, '{"code":5,"b":1}', undefined]],
  ['a code', { code: 202 }, [202, '', undefined]],
  ['a body', { body: 'x' }, [200, 'x', undefined]],
  ['all of an answer', { code: 201, headers: { 'x-a': 'b' }, body: { c: 1 } }, [201, '{"c":1}', 'b']],
  ['a number as body', { body: 42 }, [200, '42', undefined]],
  ['a code that is none', { code: 7000 }, [200, '{"code":7000}', undefined]],
])('a function that returns %s', async (_, value, answer) => {
  const { call } = await serveOpen(async () => value);
  const { status, body, headers } = await call(json({}));
  expect([status, body, headers['x-a']]).toEqual(answer);
});

test('what a function returns does not matter once it answered by itself, or when told so', async () => {
  const own = await serveOpen((ctx) => {
    ctx.res?.status(201).send('own');
    return 'ignored';
  });
  expect(await own.call(json({}))).toMatchObject({ status: 201, body: 'own' });
  const ignoring = await serveOpen(() => 'ignored', { OPENFUNCTION_RETURN: 'ignore' });
  expect(await ignoring.call(json({}))).toMatchObject({ status: 204, body: '' });
});

const EVENT = { id: '1', source: 's', type: 't', specversion: '1.0', data: { a: 1 } };
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };

test('a structured CloudEvent is the data, as a whole; the context has it as an event', async () => {
  const { call } = await serveOpen((ctx, data) => ({ data, event: ctx.cloudEvent }));
  expect(JSON.parse((await call(json(EVENT, STRUCTURED))).body)).toEqual({ data: EVENT, event: EVENT });
});

test('of a binary CloudEvent the data is the body', async () => {
  const { call } = await serveOpen((ctx, data) => ({ data, id: ctx.cloudEvent?.id }));
  const headers = { 'ce-id': '7', 'ce-source': 's', 'ce-type': 't', 'ce-specversion': '1.0' };
  expect(JSON.parse((await call(json({ a: 1 }, headers))).body)).toEqual({ data: { a: 1 }, id: '7' });
});

test('CloudEvents are unwrapped when asked for', async () => {
  const { call } = await serveOpen((_ctx, data) => ({ data }), { FUNC_CE_UNWRAP: 'true' });
  expect(JSON.parse((await call(json(EVENT, STRUCTURED))).body)).toEqual({ data: { a: 1 } });
  expect(JSON.parse((await call(json({ plain: 1 }))).body)).toEqual({ data: { plain: 1 } });
});

test('an error fails its own call alone', async () => {
  const { call, logged } = await serveOpen((_ctx, data) => {
    if (typeof data === 'object' && data !== null && 'bad' in data) throw new Error('boom');
    return 'fine';
  });
  const bad = await call(json({ bad: true }));
  expect([bad.status, bad.body, bad.headers['x-openfunction-status']]).toEqual([500, 'boom', 'error']);
  for (let i = 0; i < 3; i += 1) expect(await call(json({}))).toMatchObject({ status: 200, body: 'fine' });
  expect(logged).toEqual(['Error: boom']);
});

test('what one call writes into its context no other sees', async () => {
  const { call } = await serveOpen(
    (ctx) => {
      const seen = [ctx.name, ctx.locals['n'] ?? 'none', ctx.error ?? 'none'];
      Object.assign(ctx, { name: 'changed' });
      ctx.locals['n'] = 1;
      ctx.error = new Error('x');
      return seen;
    },
    {},
    { name: 'fn' },
  );
  for (let i = 0; i < 3; i += 1) expect(JSON.parse((await call(json({}))).body)).toEqual(['fn', 'none', 'none']);
});
