import { expect, test, vi } from 'vitest';
import { OpenFunctionRuntime, type OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { bindingCall, outcomeOf, serveAsync, topicCall } from '../../../support/async-function.ts';
import { serve } from '../../../support/function-server.ts';

/** What a function has that imports a copy of its own. */
const copy = async () => {
  vi.resetModules();
  const { Out, OpenFunctionRuntime } = await import('../../../../src/framework/index.ts');
  return { Out, OpenFunctionRuntime };
};

test('an outcome of another copy is heard', async () => {
  const serving = await serveAsync(async () => new (await copy()).Out(500, undefined, 'failed'));
  expect(await outcomeOf(serving, topicCall())).toEqual([200, '{"status":"RETRY"}']);
  expect((await serving.call(bindingCall())).status).toBe(500);
});

test('an outcome of another copy is answered', async () => {
  const { call } = await serve(async () => new (await copy()).Out(202, { a: 1 }), 'openfunction');
  expect(await call({ method: 'POST' })).toMatchObject({ status: 202, body: '{"a":1}' });
});

test('contexts are instances of the class of any copy', async () => {
  const { OpenFunctionRuntime: Other } = await copy();
  const { call } = await serve(
    (ctx: OpenFunctionInvocation) => [ctx instanceof Other, ctx instanceof OpenFunctionRuntime],
    'openfunction',
  );
  expect(JSON.parse((await call()).body)).toEqual([true, true]);
});

test('nothing else is, and a class below it has its own instances', () => {
  class Own extends OpenFunctionRuntime {}
  const values: unknown[] = [undefined, null, 'x', {}, new OpenFunctionRuntime(), new Own()];
  expect(values.map((value) => value instanceof OpenFunctionRuntime)).toEqual([false, false, false, false, true, true]);
  expect(values.map((value) => value instanceof Own)).toEqual([false, false, false, false, false, true]);
});
