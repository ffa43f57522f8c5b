import { expect, onTestFinished, test, vi } from 'vitest';
import { OpenFunctionRuntime } from '../../../../src/framework/index.ts';
import type { OpenFunctionInvocation } from '../../../../src/framework/index.ts';
import { startSidecar } from '../../../support/sidecar.ts';

const CONTEXT = {
  name: 'fn',
  version: 'v1',
  runtime: 'Knative' as const,
  outputs: { out: { componentName: 'ps', componentType: 'pubsub.redis', uri: 't' } },
};

test.each(['Parse', 'ProxyContext'] as const)('%s makes a context', (name) => {
  const ctx = OpenFunctionRuntime[name](CONTEXT);
  expect([ctx.name, ctx.outputs?.['out']?.uri, ctx.GetName(), ctx.req]).toEqual(['fn', 't', 'fn', undefined]);
});

test('what a context leaves out is empty', async () => {
  const ctx = OpenFunctionRuntime.Parse({ name: 'fn' });
  expect([await ctx.send('x'), ctx.inputs, ctx.runtime]).toEqual([[], {}, 'Knative']);
});

test('the context given is not frozen and not changed', () => {
  const given = { name: 'fn', outputs: { out: { componentName: 'a', componentType: 'bindings.x' } } };
  const before = structuredClone(given);
  OpenFunctionRuntime.Parse(given);
  expect([given, Object.isFrozen(given.outputs.out)]).toEqual([before, false]);
});

test('the sidecar is that of the environment', async () => {
  const { env, calls } = await startSidecar();
  vi.stubEnv('DAPR_HTTP_PORT', env.DAPR_HTTP_PORT);
  onTestFinished(() => void vi.unstubAllEnvs());
  const ctx = OpenFunctionRuntime.Parse(CONTEXT);
  expect(await ctx.send({ a: 1 })).toEqual([{ status: 'fulfilled', value: true }]);
  expect([calls[0]?.path, ctx.sidecarPort.HTTP]).toEqual(['/v1.0/publish/ps/t', env.DAPR_HTTP_PORT]);
});

test('a wrapped function gets a context and the data, and gives nothing', async () => {
  const seen: unknown[] = [];
  const call = OpenFunctionRuntime.WrapUserFunction((ctx, data: unknown) => {
    seen.push(ctx.name, data);
    return 'ignored';
  }, CONTEXT);
  expect(await call({ a: 1 })).toBe(undefined);
  expect(seen).toEqual(['fn', { a: 1 }]);
});

test('a wrapped function rejects with what it throws, each call on its own', async () => {
  const errors: unknown[] = [];
  const call = OpenFunctionRuntime.WrapUserFunction(async (ctx: OpenFunctionInvocation, data: unknown) => {
    errors.push(ctx.error);
    if (data === 'bad') throw new Error('boom');
  }, CONTEXT);
  await expect(call('bad')).rejects.toThrow('boom');
  await call('good');
  expect(errors).toEqual([undefined, undefined]);
});

test('a function wrapped with a context of its own is called with that one', async () => {
  const ctx = OpenFunctionRuntime.ProxyContext(CONTEXT);
  const seen: unknown[] = [];
  const call = OpenFunctionRuntime.WrapUserFunction((given: unknown, data: unknown) => {
    seen.push(given === ctx, ctx.error, ctx.data, ctx.GetInput());
    if (data === 'bad') throw 'boom';
  }, ctx);
  await expect(call('bad')).rejects.toBe('boom');
  expect(ctx.error?.message).toBe('boom');
  await call('good');
  expect(seen).toEqual([true, undefined, 'bad', 'bad', true, undefined, 'good', 'good']);
});
