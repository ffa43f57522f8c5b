import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsToml } from '../../../src/libcnb/same-toml.ts';
import { decodeToml, encodeToml, type TomlTable, type TomlValue } from '../../../src/libcnb/toml-file.ts';

const DATE = new Date('2026-01-02T03:04:05.678Z');
const read = (table: TomlTable) => decodeToml(encodeToml(table), 'x');

test.each<[string, TomlValue, TomlValue]>([
  ['a text', 'a', 'b'],
  ['a text and a number', '1', 1],
  ['a number', 1, 2],
  ['a boolean', true, false],
  ['a date', DATE, new Date(0)],
  ['a date and a text', DATE, 'soon'],
  ['a list', [1, 2], [2, 1]],
  ['a longer list', [1], [1, 2]],
  ['a shorter list', [1, 2], [1]],
  ['a list and a table', [], {}],
  ['a table and a text', {}, ''],
  ['a table', { a: 1 }, { a: 2 }],
  ['a table with another key', { a: 1 }, { b: 1 }],
  ['a table with more', { a: 1 }, { a: 1, b: 1 }],
  ['a table with less', { a: 1, b: 1 }, { a: 1 }],
  ['deep inside', { a: [{ b: [1] }] }, { a: [{ b: [2] }] }],
])('%s: the same only when it is', (_, value, other) => {
  expect(holdsToml(read({ key: value }), { key: value }, 'x')).toBe(true);
  expect(holdsToml(read({ key: value }), { key: other }, 'x')).toBe(false);
});

test('keys at the top that are not wanted do not count, unless they are to be left out', () => {
  expect(holdsToml(read({ a: 1, b: 2 }), { a: 1 }, 'x')).toBe(true);
  expect(holdsToml(read({ a: 1, b: 2 }), { a: 1, b: undefined }, 'x')).toBe(false);
  expect(holdsToml(read({ a: 1 }), { a: 1, b: undefined }, 'x')).toBe(true);
  expect(holdsToml(read({ a: 1 }), { a: 1, b: 2 }, 'x')).toBe(false);
});

test('what the lifecycle makes of it by way of JSON is the same', () => {
  const wanted = { date: DATE, whole: 5, list: [{ at: DATE, gone: undefined }] };
  const found = decodeToml(
    'date = "2026-01-02T03:04:05.678Z"\nwhole = 5.0\n[[list]]\nat = "2026-01-02T03:04:05.678Z"\n',
    'x',
  );
  expect(holdsToml(found, wanted, 'x')).toBe(true);
});

test('whatever is written is the same when it is read', () => {
  // The decoder takes a table whose key every object has, such as toString, for one that is there already.
  const key = fc.string({ minLength: 1 }).filter((name) => !(name in {}));
  const { table } = fc.letrec<{ table: Record<string, TomlValue>; value: TomlValue }>((tie) => ({
    table: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.constantFrom(2 ** 60, 0.1, -0, 1e21, Infinity, NaN),
      fc.boolean(),
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.array(tie('table'), { maxLength: 3 }),
      tie('table'),
    ),
  }));
  fc.assert(
    fc.property(table, (metadata) => {
      expect(holdsToml(read(metadata), metadata, 'x')).toBe(true);
    }),
  );
});
