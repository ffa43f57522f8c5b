import { expect, test } from 'vitest';
import { normalizeContext } from '../../../../src/framework/context/normalize.ts';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { INPUTS, bindingCall, outcomeOf, serveAsync, topicCall } from '../../../support/async-function.ts';
import { failureOf } from '../../../support/failure.ts';
import { serve, serveAll, type Served } from '../../../support/function-server.ts';
import { startSidecar } from '../../../support/sidecar.ts';

const SUCCESS = [200, '{"status":"SUCCESS"}'];
const ASYNC = { runtime: 'Async', inputs: INPUTS } as const;
const says = (text: string) => () => ({ status: text });

test.each(['http', 'event', 'cloudevent', 'typed', 'openfunction'] as const)(
  'an export gets context and data, whatever its signature type: %s',
  async (signatureType) => {
    const seen: unknown[] = [];
    const handler = (ctx: OpenFunctionInvocation, data: unknown): void => void seen.push(ctx.inputName, data);
    const serving = await serveAsync(handler, { served: { signatureType } });
    expect(await outcomeOf(serving, topicCall({ data: 1 }))).toEqual(SUCCESS);
    expect([seen, serving.logged]).toEqual([['topic', 1], []]);
  },
);

test.each(['http', 'typed'] as const)('a function that is declared as %s is told of', async (signatureType) => {
  const serving = await serveAsync(says('DROP'), { served: { signatureType, declared: true } });
  expect(await outcomeOf(serving, topicCall())).toEqual([200, '{"status":"DROP"}']);
  expect(serving.logged).toEqual([
    `The function "hello" is declared as ${signatureType}, but gets messages: as (ctx, data).`,
  ]);
});

test('of several functions the one that is made for messages gets them', async () => {
  const functions: Served[] = [
    { name: 'web', handler: says('RETRY'), declared: true },
    { name: 'messages', handler: says('DROP'), signatureType: 'openfunction', declared: true },
  ];
  const serving = await serveAll(functions, { context: ASYNC });
  expect(await outcomeOf(serving, topicCall())).toEqual([200, '{"status":"DROP"}']);
  expect(await outcomeOf(serving, { path: '/web' })).toEqual([404, '']);
});

test('with triggers of both kinds the others answer at their paths', async () => {
  const functions: Served[] = [
    { name: 'web', handler: (_req: unknown, res: { send(text: string): void }) => res.send('web'), declared: true },
    { name: 'messages', handler: says('DROP'), signatureType: 'openfunction', declared: true },
  ];
  const serving = await serveAll(functions, { context: { ...ASYNC, triggers: { http: {} } } });
  expect(await outcomeOf(serving, { path: '/web' })).toEqual([200, 'web']);
  expect(await outcomeOf(serving, topicCall())).toEqual([200, '{"status":"DROP"}']);
});

test.each<[string, Served[]]>([
  [
    'none',
    [
      { name: 'a', handler: says('') },
      { name: 'b', handler: says('') },
    ],
  ],
  [
    'two',
    [
      { name: 'a', handler: says(''), signatureType: 'openfunction' },
      { name: 'b', handler: says(''), signatureType: 'cloudevent' },
    ],
  ],
])('of several functions %s may be made for messages', async (_, functions) => {
  expect(await failureOf(() => serveAll(functions, { context: ASYNC }))).toMatchSnapshot();
});

test.each<[string, object]>([
  ['inputs', { inputs: {} }],
  ['a known type of component', { inputs: { in: { componentName: 'x', componentType: 'queues.x' } } }],
  ['a topic', { inputs: { in: { componentName: 'x', componentType: 'pubsub.redis' } } }],
])('without %s nothing is served', async (_, context) => {
  expect(await failureOf(() => serveAsync(says(''), { context }))).toMatchSnapshot();
});

/** Serves what texts of function contexts say. */
async function serveTexts(handler: unknown, first: object | undefined, second?: object, env = {}) {
  const text = (value: object | undefined): string | undefined => value && JSON.stringify(value);
  const { context } = normalizeContext(text(first), text(second));
  if (context === undefined) throw new Error('There is no context.');
  return { context, serving: await serve(handler, 'openfunction', { context, env }) };
}

const TOPIC = { componentName: 'ps', componentType: 'pubsub.redis' };
const V1 = { name: 'fn', version: '', runtime: 'Async', port: '8080', inputs: { in: { ...TOPIC, uri: 'orders' } } };
const V2 = { name: 'fn', version: '', triggers: { dapr: [{ name: 'ps', type: 'pubsub.redis', topic: 'orders' }] } };

test.each<[string, object | undefined, object | undefined, string]>([
  ['of v1beta1', V1, undefined, 'in'],
  ['of v1beta2', undefined, V2, 'ps'],
  ['of v1beta2 without a type', undefined, { name: 'fn', triggers: { dapr: [{ name: 'ps', topic: 'orders' }] } }, 'ps'],
  [
    'of v1beta2 with a name for the input',
    undefined,
    { name: 'fn', triggers: { dapr: [{ name: 'ps', topic: 'orders', inputName: 'mine' }] } },
    'mine',
  ],
  ['of both', V1, V2, 'in'],
  [
    'of version 0.2',
    { name: 'fn', runtime: 'OpenFuncAsync', inputs: { old: { uri: 'orders', component: 'ps', type: 'pubsub' } } },
    undefined,
    'old',
  ],
])('a context %s brings messages of a topic', async (_, first, second, inputName) => {
  const seen: unknown[] = [];
  const { serving } = await serveTexts((ctx: OpenFunctionInvocation) => void seen.push(ctx.inputName), first, second);
  expect(await outcomeOf(serving, topicCall())).toEqual(SUCCESS);
  expect(seen).toEqual([inputName]);
});

test.each<[string, object | undefined, object | undefined]>([
  [
    'of version 0.1',
    { name: 'fn', runtime: 'OpenFuncAsync', input: { name: 'cron', uri: 'cron', params: { type: 'bindings' } } },
    undefined,
  ],
  ['of v1beta2', undefined, { name: 'fn', triggers: { dapr: [{ name: 'cron', type: 'bindings.cron' }] } }],
  ['of v1beta2 without a type', undefined, { name: 'fn', triggers: { dapr: [{ name: 'cron' }] } }],
])('a context %s brings messages of a binding', async (_, first, second) => {
  const seen: unknown[] = [];
  const handler = (ctx: OpenFunctionInvocation, data: unknown): void => void seen.push(ctx.inputName, data);
  const { serving } = await serveTexts(handler, first, second);
  expect(await outcomeOf(serving, { method: 'OPTIONS', path: '/cron' })).toEqual([200, '']);
  expect(await outcomeOf(serving, bindingCall('5'))).toEqual([200, '']);
  expect(seen).toEqual(['cron', 5]);
});

test('of both contexts the first names port and topics of outputs', async () => {
  const { env, calls } = await startSidecar();
  const { context, serving } = await serveTexts(
    (ctx: OpenFunctionInvocation) => ctx.send('x', 'out'),
    { ...V1, port: '8081', outputs: { out: { ...TOPIC, uri: 'done' } } },
    { ...V2, triggers: { ...V2.triggers, http: { port: 9090 } }, outputs: { out: TOPIC } },
    env,
  );
  await serving.call(topicCall());
  expect([context.port, calls.map(({ path }) => path)]).toEqual(['8081', ['/v1.0/publish/ps/done']]);
});

test('a context of v1beta2 with both triggers answers requests as well', async () => {
  const { serving } = await serveTexts((ctx: OpenFunctionInvocation) => ctx.req?.method, undefined, {
    ...V2,
    triggers: { ...V2.triggers, http: { port: 9090 } },
  });
  expect(await outcomeOf(serving, { path: '/any' })).toEqual([200, 'GET']);
  expect(await outcomeOf(serving, topicCall())).toEqual(SUCCESS);
});
