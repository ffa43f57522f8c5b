import { expect, test } from 'vitest';
import { functionResource } from '../../../../src/cli/generate/function-resource.ts';
import { callersOf, type ServedFunction } from '../../../../src/cli/generate/served-function.ts';
import { faultsOfResource } from '../../../support/kubernetes-schema.ts';
import { brokenRules } from '../../../support/pod-security.ts';
import { BUILD_SOURCE, resourceRequest, servedFunction, strategyOf } from '../../../support/resource-request.ts';

const INPUT = { name: 'created', component: 'shop', type: 'pubsub.redis', topic: 'orders' };

test('a function of requests', () => {
  const resource = functionResource(servedFunction({ version: '1.2.3' }), resourceRequest());
  expect(resource).toEqual({
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name: 'hello' },
    spec: {
      version: 'v1.2.3',
      image: 'registry.example.com/me/hello:1',
      serving: { triggers: { http: { port: 8080 } }, template: expect.anything() },
    },
  });
  expect(faultsOfResource(resource)).toEqual([]);
  const { template } = resource.spec.serving;
  expect(brokenRules({ ...template }, template.containers)).toEqual([]);
});

test.each([
  ['1.0.0-RC.1+b_2', 'v1.0.0-rc.1-b-2'],
  ['v2', 'v2'],
  ['1.0.0-alpha.10.feature.of-mine', 'v1.0.0-alpha.10.feat'],
  ['1.0.0-alpha.feature.1.x', 'v1.0.0-alpha.feature'],
])('the version %s becomes %s, which labels and names can have', (version, name) => {
  expect(functionResource(servedFunction({ version }), resourceRequest()).spec.version).toBe(name);
});

test('a function of messages, with names of its own for components', () => {
  const outputs = [
    {
      name: 'archive',
      component: 'archive',
      type: 'bindings.localstorage',
      operation: 'create',
      metadata: { fileName: 'a' },
    },
    { name: 'out', component: 'shop', topic: 'done' },
  ];
  const functions = [{ name: 'onOrder', signatureType: 'openfunction' }];
  const resource = functionResource(servedFunction({ functions, inputs: [INPUT], outputs }), resourceRequest());
  expect(resource.spec.serving).toMatchObject({
    triggers: { dapr: [{ name: 'shop', type: 'pubsub.redis', topic: 'orders', inputName: 'created' }] },
    outputs: [
      { dapr: { name: 'archive', type: 'bindings.localstorage', operation: 'create', metadata: { fileName: 'a' } } },
      { dapr: { name: 'shop', topic: 'done', outputName: 'out' } },
    ],
  });
  expect(faultsOfResource(resource)).toEqual([]);
});

test('functions of both, and functions that take no messages', () => {
  const both = [...servedFunction().functions, { name: 'audit', signatureType: 'cloudevent' }];
  const triggers = (more: Partial<ServedFunction>) =>
    functionResource(servedFunction(more), resourceRequest()).spec.serving.triggers;
  expect(Object.keys(triggers({ functions: both, inputs: [INPUT] }))).toEqual(['http', 'dapr']);
  expect(Object.keys(triggers({ inputs: [INPUT] }))).toEqual(['http']);
  expect(Object.keys(triggers({ functions: both }))).toEqual(['http']);
});

test('a function that OpenFunction builds, by our strategy and by its own', () => {
  const variables = { FUNC_NAME: 'hello', NODE_OPTIONS: '--max-old-space-size=512', NOTE: 'a # b' };
  const request = resourceRequest({ source: BUILD_SOURCE, variables, registrySecret: 'registry', gitSecret: 'git' });
  const ours = functionResource(servedFunction(), request);
  expect(ours).toMatchSnapshot('by ours');
  const stock = functionResource(servedFunction(), { ...request, strategy: strategyOf('openfunction') });
  expect(stock.spec.build).toMatchSnapshot('by its own');
  const bare = { url: BUILD_SOURCE.url, revision: undefined, contextDir: undefined };
  const least = functionResource(servedFunction(), resourceRequest({ source: bare }));
  expect(least.spec.build).toMatchSnapshot('with nothing else said');
  expect([ours, stock, least].flatMap(faultsOfResource)).toEqual([]);
});

test.each<[string, boolean, boolean]>([
  ['', true, false],
  ['openfunction', true, false],
  ['cloudevent', true, false],
  ['http', false, true],
  ['typed', false, true],
])('with inputs, a function of the signature "%s" is called by messages: %s', (signatureType, messages, requests) => {
  const functions = [{ name: 'orders', signatureType }];
  expect(callersOf({ functions, inputs: [INPUT] })).toEqual({ messages, requests });
  expect(callersOf({ functions, inputs: [] })).toEqual({ messages: false, requests: true });
  // An application has no function.
  expect(callersOf({ functions: [], inputs: [INPUT] })).toEqual({ messages: false, requests: true });
});
