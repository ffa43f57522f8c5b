import { expect, test } from 'vitest';
import type { FunctionManifest } from '../../../src/base/function-manifest.ts';
import { functionResource } from '../../../src/cli/function-resource.ts';

const manifest = (more: Partial<FunctionManifest>): FunctionManifest => ({
  schemaVersion: 1,
  functions: [{ name: 'hello', signatureType: 'http' }],
  inputs: [],
  outputs: [],
  runtime: { framework: '1.0.0', node: '24.21.0' },
  ...more,
});
const IMAGE = { image: 'registry.example.com/me/hello:1', name: undefined, version: undefined };
const INPUT = { name: 'created', component: 'shop', type: 'pubsub.redis', topic: 'orders' };

test('a function of requests', () => {
  expect(functionResource(manifest({}), { ...IMAGE, version: '1.2.3' })).toEqual({
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name: 'hello' },
    spec: { version: 'v1.2.3', image: IMAGE.image, serving: { triggers: { http: { port: 8080 } } } },
  });
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
  const { metadata, spec } = functionResource(manifest({ functions, inputs: [INPUT], outputs }), IMAGE);
  expect(metadata).toEqual({ name: 'on-order' });
  expect(spec.serving).toEqual({
    triggers: { dapr: [{ name: 'shop', type: 'pubsub.redis', topic: 'orders', inputName: 'created' }] },
    outputs: [
      { dapr: { name: 'archive', type: 'bindings.localstorage', operation: 'create', metadata: { fileName: 'a' } } },
      { dapr: { name: 'shop', topic: 'done', outputName: 'out' } },
    ],
  });
});

test('functions of both, and functions that take no messages', () => {
  const both = [...manifest({}).functions, { name: 'audit', signatureType: 'cloudevent' }];
  const triggers = (more: Partial<FunctionManifest>) => functionResource(manifest(more), IMAGE).spec.serving.triggers;
  expect(Object.keys(triggers({ functions: both, inputs: [INPUT] }))).toEqual(['http', 'dapr']);
  expect(Object.keys(triggers({ inputs: [INPUT] }))).toEqual(['http']);
  expect(Object.keys(triggers({ functions: both }))).toEqual(['http']);
});

test.each([
  ['api.hello', 'api-hello'],
  ['HTTPHello_2', 'httphello-2'],
  ['123', 'function'],
  ['a'.repeat(80), 'a'.repeat(50)],
])('%s is called %s in a cluster', (name, resource) => {
  const functions = [{ name, signatureType: 'http' }];
  expect(functionResource(manifest({ functions }), IMAGE).metadata.name).toBe(resource);
  expect(functionResource(manifest({ functions }), { ...IMAGE, name: 'other' }).metadata.name).toBe('other');
});
