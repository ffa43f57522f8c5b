import { expect, test } from 'vitest';
import { ContextUtils } from '../../../../src/framework/index.ts';

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
