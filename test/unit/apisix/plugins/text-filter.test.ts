import { expect, test } from 'vitest';
import { finderOf, replaceAll, replaceFirst } from '../../../../src/apisix/plugins/text-filter.ts';

const textOf = (found: Buffer | undefined): string | undefined => found?.toString();

test.each([
  ['b.c', 'a b.c b-c', 'b.c'],
  ['', 'a', ''],
  ['a b/"c"', 'xa b/"c"', 'a b/"c"'],
  ['\\Aab\\z', 'ab', 'ab'],
  ['[[:digit:]]+', 'a12b', '12'],
  ['[[:^digit:]]+', '1ab2', 'ab'],
  ['\\Qa.b\\E+', 'aab a.bb', 'a.bb'],
  ['(?P<year>\\d{4})-', 'in 2024-1', '2024-'],
  ['(?i)A.C', 'abc', 'abc'],
  ['a(?i)b', 'AB aB', 'aB'],
  ['(?s)a.b', 'a\nb', 'a\nb'],
  ['(?U)a.*b', 'aXbYb', 'aXb'],
  ['{"a": ?"[^"]*"}', '{"a": "b"}', '{"a": "b"}'],
  ['[^]a]+', ']xa', 'x'],
  ['\\p{Greek}+', 'aλβ', 'λβ'],
  ['\\x{1F680}', 'a\u{1F680}', '\u{1F680}'],
  ['^.$', '\u{1F680}', '\u{1F680}'],
])('%s finds in %s what Go does', (regex, text, found) => {
  expect(textOf(finderOf(regex)(Buffer.from(text)))).toBe(found);
});

test.each([
  ['é', 'c3a9'],
  ['\\x{E9}|z', 'c3a9'],
  ['[^\\x00-\\x7F]', 'ff'],
  ['b', undefined],
  ['\uFFFD', 'ff'],
])('among bytes that are no UTF-8 %s finds %s', (regex, found) => {
  const text = Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xfe]);
  expect(finderOf(regex)(text)?.toString('hex')).toBe(found);
});

test.each(['(', 'a**', '[b-a]', '\\C', '(?<=a)b', '(?=a)', '\\1', '[[:letters:]]', 'a{1001}'])(
  '%s is no pattern, as in Go',
  (regex) => {
    expect(() => finderOf(regex)).toThrow(/^error parsing regexp: /);
  },
);

test('a pattern that matches in many ways ends', () => {
  expect(finderOf('^(\\w+\\s?)+$')(Buffer.from(`${'word '.repeat(20_000)}!`))).toBeUndefined();
});

test('a part is replaced where it stands first', () => {
  expect(replaceFirst(Buffer.from('abcab'), Buffer.from('ab'), Buffer.from('')).toString()).toBe('cab');
  expect(replaceFirst(Buffer.from('bc'), Buffer.from(''), Buffer.from('a')).toString()).toBe('abc');
});

test('a part is replaced wherever it stands', () => {
  expect(replaceAll(Buffer.from('aaabaa'), Buffer.from('aa'), Buffer.from('é')).toString()).toBe('éabé');
});

test('nothing stands in front of each character, of each byte that is none, and at the end', () => {
  const replaced = replaceAll(Buffer.from('61ffc3a9e282eda080', 'hex'), Buffer.alloc(0), Buffer.from('-'));
  expect(replaced.toString('hex')).toBe('2d612dff2dc3a92de22d822ded2da02d802d');
});
