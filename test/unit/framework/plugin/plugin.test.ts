import { expect, test } from 'vitest';
import { Plugin } from '../../../../src/framework/index.ts';

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

test.each<[string, unknown]>([
  ['list[1].id', 'b'],
  ['list.length', 2],
  ['a.dotted.key', 'direct'],
  ['nothing.at.all', undefined],
  ['missing', undefined],
])('a member at %s', (path, value) => {
  const members = { list: [{ id: 'a' }, { id: 'b' }], 'a.dotted.key': 'direct', nothing: null };
  expect(Object.assign(new Plugin('x'), members).get(path)).toEqual(value);
});

test.each(['', ' '])('the name %j is refused', (name) => {
  expect(() => new Plugin(name)).toThrow('Plugin name must be specified.');
});
