import { expect, test } from 'vitest';
import { ContextUtils, Plugin } from '../../../src/framework/index.ts';

test('a plugin has a name, a version and members by path', () => {
  class Counter extends Plugin {
    readonly state = { count: 5 };
  }
  const plugin = new Counter('counter', 'v1');
  expect([plugin.name, plugin.version, new Plugin('x').version]).toEqual(['counter', 'v1', 'unknown']);
  expect([plugin.get('state.count'), plugin.get('name'), plugin.get('state.no.where')]).toEqual([
    5,
    'counter',
    undefined,
  ]);
});

test.each(['', ' '])('the name %j is refused', (name) => {
  expect(() => new Plugin(name)).toThrow('Plugin name must be specified.');
});

test('contexts and components tell what they are', () => {
  const component = (componentType: string) => ({ componentName: 'c', componentType });
  expect([
    ContextUtils.IsAsyncRuntime({ runtime: 'Async' }),
    ContextUtils.IsKnativeRuntime({ runtime: 'Async' }),
  ]).toEqual([true, false]);
  expect(['bindings.x', 'pubsub.x', 'state.x'].map((type) => ContextUtils.IsBindingComponent(component(type)))).toEqual(
    [true, false, false],
  );
  expect([
    ContextUtils.IsPubSubComponent(component('pubsub.x')),
    ContextUtils.IsStateComponent(component('state.x')),
  ]).toEqual([true, true]);
});
