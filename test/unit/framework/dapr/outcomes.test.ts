import { expect, onTestFinished, test, vi } from 'vitest';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { Out } from '../../../../src/framework/context/out.ts';
import type { CloudEvent } from '../../../../src/framework/functions.ts';
import { bindingCall, bulkCall, outcomeOf, serveAsync, topicCall } from '../../../support/async-function.ts';

type Outcome = [number, string];
const SUCCESS: Outcome = [200, '{"status":"SUCCESS"}'];
const RETRY: Outcome = [200, '{"status":"RETRY"}'];
const DROP: Outcome = [200, '{"status":"DROP"}'];
const DONE: Outcome = [200, ''];
const FAILED: Outcome = [
  500,
  JSON.stringify({
    error: 'COULD_NOT_PROCESS_CALLBACK',
    error_msg: 'Something happened while processing the input binding callback',
  }),
];

type Handler = (ctx: OpenFunctionInvocation, data: unknown) => unknown;
const throwing = (value: unknown): Handler => {
  return () => {
    throw value;
  };
};

const CALM: [string, Handler][] = [
  ['nothing', () => {}],
  ['a promise of nothing', async () => {}],
  ['null', () => null],
  ['text', () => 'DROP'],
  ['a number', () => 500],
  ['a table', () => ({ a: 1 })],
  ['an answer of HTTP', () => ({ code: 500, body: 'x' })],
  ['an unknown status', () => ({ status: 'retry' })],
  ['SUCCESS', () => ({ status: 'SUCCESS' })],
  ['ctx.success()', (ctx) => ctx.success()],
  ['ctx.success(data)', async (ctx) => ctx.success({ a: 1 })],
  ['nothing after ctx.success()', (ctx) => void ctx.success()],
  ['ctx.ReturnOnSuccess()', (ctx) => ctx.ReturnOnSuccess().WithData('x')],
  ['an Out', () => new Out(204)],
  ['an Out that replaces a failure', (ctx) => (ctx.fail('x'), new Out(200))],
];

test.each(CALM)('a function that gives %s succeeds', async (_, handler) => {
  const serving = await serveAsync(handler);
  expect(await outcomeOf(serving, topicCall())).toEqual(SUCCESS);
  expect(await outcomeOf(serving, bindingCall())).toEqual(DONE);
  expect(serving.logged).toEqual([]);
});

const FAILING: [string, Handler, string][] = [
  ['an error', throwing(new Error('boom')), 'Error: boom'],
  ['an error later', async () => throwing(new Error('boom'))({} as OpenFunctionInvocation, 0), 'Error: boom'],
  ['text', throwing('boom'), 'boom'],
  ['undefined', throwing(undefined), 'undefined'],
  ['null', throwing(null), 'null'],
  ['what has no text', throwing(Object.create(null)), 'a value that can not be shown'],
  ['an error after ctx.success()', (ctx) => (ctx.success(), throwing(new Error('boom'))(ctx, 0)), 'Error: boom'],
  ['ctx.fail()', (ctx) => ctx.fail(), 'The function failed with 500.'],
  ['ctx.fail(error)', (ctx) => ctx.fail(new Error('boom')), 'Error: boom'],
  ['ctx.fail(text)', (ctx) => ctx.fail('boom'), 'boom'],
  ['nothing after ctx.fail()', (ctx) => void ctx.fail('boom'), 'boom'],
  ['ctx.ReturnOnInternalError()', (ctx) => ctx.ReturnOnInternalError(), 'The function failed with 500.'],
  ['an Out', () => new Out(400), 'The function failed with 400.'],
  ['a noted Out', (ctx) => void ctx.WithOut(new Out(500)), 'The function failed with 500.'],
];

test.each(FAILING)('a function that fails with %s gets the message again', async (_, handler, line) => {
  const serving = await serveAsync(handler);
  expect(await outcomeOf(serving, topicCall())).toEqual(RETRY);
  expect(await outcomeOf(serving, bindingCall())).toEqual(FAILED);
  expect(serving.logged).toEqual([line, line]);
});

test.each(FAILING)('unless messages are to be dropped: %s', async (_, handler) => {
  const serving = await serveAsync(handler, { env: { OPENFUNCTION_PUBSUB_ON_ERROR: 'drop' } });
  expect(await outcomeOf(serving, topicCall())).toEqual(DROP);
  expect(await outcomeOf(serving, bindingCall())).toEqual(FAILED);
});

test.each<[string, Handler, Outcome, Outcome]>([
  ['RETRY', () => ({ status: 'RETRY' }), RETRY, FAILED],
  ['DROP', async () => ({ status: 'DROP' }), DROP, DONE],
  ['ctx.fail with a retry', (ctx) => ctx.fail('x', { retry: true }), RETRY, FAILED],
  ['ctx.fail without a retry', (ctx) => ctx.fail('x', { retry: false }), DROP, DONE],
  ['nothing after ctx.fail without a retry', (ctx) => void ctx.fail('x', { retry: false }), DROP, DONE],
  [
    'an Out with a retry, as Go has it',
    () => Object.assign(new Out(500), { metadata: { retry: 'TRUE' } }),
    RETRY,
    FAILED,
  ],
])('a function that says %s is heard, whatever the default', async (_, handler, topic, binding) => {
  for (const onError of ['retry', 'drop']) {
    const serving = await serveAsync(handler, { env: { OPENFUNCTION_PUBSUB_ON_ERROR: onError } });
    expect(await outcomeOf(serving, topicCall())).toEqual(topic);
    expect(await outcomeOf(serving, bindingCall())).toEqual(binding);
  }
});

test('a failure is that of its message alone', async () => {
  const errors: unknown[] = [];
  const serving = await serveAsync((ctx: OpenFunctionInvocation, data: unknown) => {
    errors.push(ctx.error);
    if (data === 'bad') throw new Error('boom');
  });
  expect(await outcomeOf(serving, topicCall({ data: 'bad' }))).toEqual(RETRY);
  expect(await outcomeOf(serving, topicCall({ data: 'good' }))).toEqual(SUCCESS);
  expect(await outcomeOf(serving, bindingCall('"bad"'))).toEqual(FAILED);
  expect(await outcomeOf(serving, bindingCall('"good"'))).toEqual(DONE);
  expect(errors).toEqual([undefined, undefined, undefined, undefined]);
});

test('messages that overlap have a context each', async () => {
  const all = Promise.withResolvers<void>();
  const contexts = new Set<OpenFunctionInvocation>();
  const serving = await serveAsync(async (ctx: OpenFunctionInvocation, data: string) => {
    ctx.locals['data'] = data;
    if (contexts.add(ctx).size === 6) all.resolve();
    await all.promise;
    return ctx.locals['data'] === data && ctx.topicEvent?.data === data ? { status: data } : ctx.fail('mixed up');
  });
  const verdicts = ['SUCCESS', 'DROP', 'RETRY', 'DROP'];
  const answers = verdicts.map((data) => serving.call(topicCall({ data })));
  const bulk = serving.call(
    bulkCall(
      ['DROP', 'RETRY'].map((data, i) => ({
        entryId: `${i}`,
        event: { ...JSON.parse(String(topicCall({ data }).body)) },
      })),
    ),
  );
  expect((await Promise.all(answers)).map(({ body }) => JSON.parse(body))).toEqual(
    verdicts.map((status) => ({ status })),
  );
  expect(JSON.parse((await bulk).body)).toEqual({
    statuses: [
      { entryId: '0', status: 'DROP' },
      { entryId: '1', status: 'RETRY' },
    ],
  });
});

test('what a message fails with after its outcome is logged, and harms nothing', async () => {
  const late = Promise.withResolvers<void>();
  const serving = await serveAsync((_ctx: unknown, data: unknown) => {
    if (data === 'late') void late.promise.then(() => serving.app.blame(new Error('late')));
  });
  expect(await outcomeOf(serving, topicCall({ data: 'late' }))).toEqual(SUCCESS);
  late.resolve();
  expect(await outcomeOf(serving, topicCall())).toEqual(SUCCESS);
  expect(serving.logged).toContain('Exception from a finished function: Error: late');
});

test('what a message fails with beside its promise fails it', async () => {
  const serving = await serveAsync(async () => {
    serving.app.blame(new Error('beside'));
    await Promise.resolve();
  });
  expect((await serving.call(topicCall())).status).toBe(500);
  expect(serving.logged).toEqual(['Error: beside']);
});

test.each<[string, unknown, Outcome]>([
  ['returns', (event: CloudEvent) => ({ status: event.data }), DROP],
  ['throws', throwing(new Error('boom')), RETRY],
  [
    'calls back',
    (event: CloudEvent, callback: (...args: unknown[]) => void) => callback(null, { status: event.data }),
    DROP,
  ],
  [
    'calls back with an error',
    (_event: CloudEvent, callback: (error: unknown) => void) => callback(new Error('boom')),
    RETRY,
  ],
])('a function declared for CloudEvents gets them, and %s', async (_, handler, outcome) => {
  const serving = await serveAsync(handler, { served: { signatureType: 'cloudevent', declared: true } });
  expect(await outcomeOf(serving, topicCall({ data: 'DROP' }))).toEqual(outcome);
});

/** Timers that wait to be told; connections do not use them. */
const holdTimers = (): void => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
};
const PROXY = { DAPR_HOST: 'fn-ns-dapr.ns.svc.cluster.local' };

test('to the proxy a retry is a failure, after a pause', async () => {
  holdTimers();
  const entered = Promise.withResolvers<void>();
  const serving = await serveAsync(() => (entered.resolve(), { status: 'RETRY' }), { env: PROXY });
  let answered = false;
  const answer = outcomeOf(serving, topicCall({}, '/orders')).then((outcome) => ((answered = true), outcome));
  await entered.promise;
  await vi.advanceTimersByTimeAsync(150);
  expect(answered).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(await answer).toEqual([500, '{"status":"RETRY"}']);
});

test('to the proxy a binding that fails fails after a pause', async () => {
  holdTimers();
  const entered = Promise.withResolvers<void>();
  const serving = await serveAsync(() => throwing(entered.resolve())({} as OpenFunctionInvocation, 0), { env: PROXY });
  const answer = outcomeOf(serving, bindingCall());
  await entered.promise;
  await vi.advanceTimersByTimeAsync(350);
  expect(await answer).toEqual(FAILED);
});

test('to the proxy anything else is a success at once', async () => {
  holdTimers();
  const serving = await serveAsync((_ctx: unknown, data: unknown) => data, { env: PROXY });
  expect(await outcomeOf(serving, topicCall({ data: {} }))).toEqual(SUCCESS);
  expect(await outcomeOf(serving, topicCall({ data: { status: 'DROP' } }))).toEqual(DROP);
  expect(await outcomeOf(serving, bindingCall())).toEqual(DONE);
});
