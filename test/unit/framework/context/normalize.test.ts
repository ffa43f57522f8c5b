import { expect, test } from 'vitest';
import { normalizeContext } from '../../../../src/framework/context/normalize.ts';

const read = (v1: unknown, v2?: unknown) =>
  normalizeContext(
    v1 === undefined ? undefined : JSON.stringify(v1),
    v2 === undefined ? undefined : JSON.stringify(v2),
  );
const EMPTY = { version: '', inputs: {}, outputs: {}, states: {}, prePlugins: [], postPlugins: [] };

test('nothing said', () => {
  expect(normalizeContext(undefined, undefined)).toEqual({ context: undefined, warnings: [] });
  expect(normalizeContext('', ' ')).toEqual({ context: undefined, warnings: [] });
});

const COMPONENT = { componentName: 'c', componentType: 'pubsub.redis', uri: 't', metadata: { a: 'b' } };

test('the context of v1beta1, with keys of its own', () => {
  const context = {
    name: 'fn',
    version: 'v1',
    runtime: 'Async',
    port: '8081',
    inputs: { in: COMPONENT },
    outputs: { out: { ...COMPONENT, componentType: 'bindings.kafka', operation: 'create' } },
    states: { s: { componentName: 's', componentType: 'state.redis' } },
    prePlugins: ['a'],
    postPlugins: ['b'],
    httpPattern: '/x',
  };
  expect(read(context)).toEqual({ context, warnings: [] });
});

test.each([
  ['knative', 'Knative'],
  ['KNATIVE', 'Knative'],
  ['async', 'Async'],
  ['ASYNC', 'Async'],
  ['OpenFuncAsync', 'Async'],
  ['Dapr', 'Async'],
  [undefined, 'Knative'],
])('the runtime %s is %s', (runtime, expected) => {
  expect(read({ name: 'fn', runtime }).context?.runtime).toBe(expected);
});

test('a context can not be changed', () => {
  const { context } = read({ name: 'fn', outputs: { o: COMPONENT } });
  expect([Object.isFrozen(context), Object.isFrozen(context?.outputs['o']?.metadata)]).toEqual([true, true]);
});

test.each<[string, unknown, unknown]>([
  [
    'version 0.1',
    {
      name: 'fn',
      runtime: 'OpenFuncAsync',
      input: { name: 'events', uri: 'orders', params: { type: 'pubsub' } },
      outputs: { o: { uri: 'u', params: { type: 'bindings', operation: 'create', method: 'x' } } },
    },
    {
      inputs: { events: { componentName: 'events', componentType: 'pubsub.unknown', uri: 'orders' } },
      outputs: { o: { componentName: 'o', componentType: 'bindings.unknown', uri: 'u', operation: 'create' } },
    },
  ],
  [
    'version 0.2',
    {
      name: 'fn',
      clientPort: 50002,
      inputs: { i: { uri: 't', component: 'c', type: 'pubsub.redis', metadata: { a: 'b' } } },
    },
    {
      port: '50002',
      inputs: { i: { uri: 't', componentName: 'c', componentType: 'pubsub.redis', metadata: { a: 'b' } } },
    },
  ],
  [
    'the proposal',
    {
      name: 'fn',
      input: { enabled: true, name: 'i', uri: 't', type: 'pubsub.x' },
      outputs: { enabled: true, output_objects: { o: { type: 'bindings.x', uri: 'u' }, off: { enabled: false } } },
    },
    {
      inputs: { i: { name: 'i', componentName: 'i', componentType: 'pubsub.x', uri: 't' } },
      outputs: { o: { componentName: 'o', componentType: 'bindings.x', uri: 'u' } },
    },
  ],
])('%s is read', (_, old, expected) => {
  expect(read(old).context).toMatchObject(expected as object);
});

test('outputs that are not enabled are none, and old types are no reason to warn', () => {
  const outputs = { enabled: false, output_objects: { o: { type: 'bindings', url: 'u' } } };
  expect(read({ name: 'fn', outputs }).context?.outputs).toEqual({});
  const enabled = read({ name: 'fn', outputs: { ...outputs, enabled: true } });
  expect(enabled.context?.outputs).toEqual({ o: { componentName: 'o', componentType: 'bindings.unknown', uri: 'u' } });
  expect(enabled.warnings).toEqual([]);
});

test('two topics of one component are two inputs', () => {
  const dapr = [
    { name: 'events', topic: 'orders' },
    { name: 'events', topic: 'other' },
  ];
  const { context } = normalizeContext(undefined, JSON.stringify({ name: 'fn', triggers: { dapr } }));
  expect(Object.values(context?.inputs ?? {}).map(({ uri }) => uri)).toEqual(['orders', 'other']);
});

const V2 = {
  name: 'fn',
  version: 'v2',
  triggers: {
    http: { port: 8081 },
    dapr: [
      { name: 'c', type: 'pubsub.x', topic: 't' },
      { name: 'cron', inputName: 'tick' },
    ],
  },
  inputs: { pull: { componentName: 'p', componentType: 'bindings.http' } },
  outputs: { o: { componentName: 'oc', componentType: 'pubsub.x', topic: 'ot' } },
  preHooks: ['pre'],
  postHooks: ['post'],
  tracing: { enabled: true, provider: { name: 'opentelemetry' } },
};

test('v1beta2 alone', () => {
  expect(read(undefined, V2).context).toEqual({
    name: 'fn',
    version: 'v2',
    runtime: 'Async',
    port: '8081',
    inputs: {
      c: { componentName: 'c', componentType: 'pubsub.x', uri: 't' },
      tick: { componentName: 'cron', componentType: 'bindings.unknown', uri: 'cron' },
    },
    outputs: { o: { componentName: 'oc', componentType: 'pubsub.x', uri: 'ot' } },
    states: {},
    prePlugins: ['pre'],
    postPlugins: ['post'],
    pluginsTracing: { enabled: true, provider: { name: 'opentelemetry' } },
    triggers: V2.triggers,
    bindingsIn: { pull: { componentName: 'p', componentType: 'bindings.http' } },
  });
  expect(read(undefined, { name: 'fn', triggers: { http: {} } }).context).toEqual({
    ...EMPTY,
    name: 'fn',
    runtime: 'Knative',
    port: '8080',
    triggers: { http: {} },
  });
});

test('of both, v1beta1 has the components and v1beta2 the hooks, the tracing and the triggers', () => {
  const first = {
    name: 'fn',
    runtime: 'Knative',
    outputs: { o: COMPONENT },
    prePlugins: ['old'],
    postPlugins: ['old'],
  };
  const { context } = read(first, { ...V2, postHooks: [] });
  expect(context).toMatchObject({
    runtime: 'Knative',
    outputs: { o: COMPONENT },
    prePlugins: ['pre'],
    postPlugins: ['old'],
    pluginsTracing: { enabled: true },
    triggers: V2.triggers,
  });
});

test.each<[string, unknown, unknown]>([
  ['enable', { pluginsTracing: { enable: true, provider: { name: 'skywalking' } } }, { enabled: true }],
  ['plugins.tracing', { 'plugins.tracing': { enabled: 'true', provider: { name: 'skywalking' } } }, { enabled: true }],
  [
    'tags in a list',
    { pluginsTracing: { enabled: false, tags: [{ a: 1 }, { b: 'c' }] } },
    { tags: { a: '1', b: 'c' } },
  ],
])('tracing spelled with %s', (_, context, expected) => {
  expect(read({ name: 'fn', ...(context as object) }).context?.pluginsTracing).toMatchObject(expected as object);
});

test.each<[string, string, string | undefined]>([
  ['JSON that is broken', '{', undefined],
  ['JSON that is no object', '[]', undefined],
  ['an unknown runtime', '{"runtime":"Cloud"}', undefined],
  ['a component type without a part', '{"outputs":{"o":{"componentType":"redis"}}}', undefined],
  ['an unknown component type', '{"outputs":{"o":{"componentType":"secretstores.x"}}}', undefined],
  ['tracing without provider', '{"pluginsTracing":{"enabled":true}}', undefined],
  ['an unknown provider', '{"pluginsTracing":{"enabled":true,"provider":{"name":"x"}}}', undefined],
  ['a broken second context', '{"name":"fn"}', 'nonsense'],
])('%s is told and the function runs', (_, v1, v2) => {
  expect(normalizeContext(v1, v2).warnings).toMatchSnapshot();
});
