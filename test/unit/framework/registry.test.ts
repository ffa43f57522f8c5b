import { expect, test } from 'vitest';
import { cloudEvent, http, openfunction, typed } from '../../../src/framework/index.ts';
import { registry } from '../../../src/framework/registry.ts';

test('a later function takes the place of an earlier one', () => {
  const second = () => {};
  http('again', () => {});
  http('again', second);
  expect(registry().get('again')).toEqual({ signatureType: 'http', handler: second, options: {}, google: false });
});

test('the registry is one for all copies of the framework', () => {
  const key = Symbol.for('openfunction.functions-framework.v1');
  expect(Reflect.get(globalThis, key)).toBe(registry());
});

test.each(['', '1a', 'a-', 'a b', 'a'.repeat(64)])('the name %j is refused', (name) => {
  expect(() => http(name, () => {})).toThrow(`Invalid function name: ${name}`);
});

test.each(Object.entries({ http, cloudEvent, openfunction, typed }))(
  '%s refuses what can not be called, such as options that come before the handler',
  (_, declare) => {
    for (const handler of [{ path: '/orders' }, undefined, 'orders']) {
      const message: unknown = expect.stringContaining(`'orders' needs to be of type function. Got: `);
      expect(() => void Reflect.apply(declare, undefined, ['orders', handler, () => {}])).toThrow(
        expect.objectContaining({ message, code: 'OFN-FUNC-TYPE' }),
      );
    }
    expect(registry().has('orders')).toBe(false);
  },
);
