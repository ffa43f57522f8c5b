import { expect, test } from 'vitest';
import { patternOf } from '../../../../src/apisix/plugins/go-pattern.ts';

test.each([
  ['\\Aab\\z', 'ab', 'ab'],
  ['[[:digit:]]+', 'a12b', '12'],
  ['[^[:space:]x]+', 'x ab ', 'ab'],
  ['\\Qa.b\\E+', 'aab a.bb', 'a.bb'],
  ['\\Qa.b', 'a-b a.b', 'a.b'],
  ['[\\Q^-]\\E]+', 'a^-]b', '^-]'],
  ['(?P<year>\\d{4})-', 'in 2024-1', '2024-'],
  ['(?i)A.C', 'abc', 'abc'],
  ['(?s)a.b', 'a\nb', 'a\nb'],
  ['{"a": ?"[^"]*"}', '{"a": "b"}', '{"a": "b"}'],
  ['a\\-\\"\\#\\ \\/b', 'a-"# /b', 'a-"# /b'],
  ['[\\-\\]\\[a]+', 'x-][a', '-][a'],
  ['[]a]+', 'x]a', ']a'],
  ['[^]a]+', ']xa', 'x'],
  ['a]', 'a]', 'a]'],
  ['\\pL+', '1é2', 'é'],
  ['[\\pL\\x{31}]+', '-é1', 'é1'],
  ['\\p{L}+\\P{L}', '1éa2', 'éa2'],
  ['\\p{Lu}{2}', 'aBCd', 'BC'],
  ['\\p{^Lu}+', 'Bcd', 'cd'],
  ['\\P{^Lu}+', 'cBd', 'B'],
  ['\\p{Greek}+', 'aλβ', 'λβ'],
  ['[\\p{Greek}\\p{^L}]+', 'aλ-β', 'λ-β'],
  ['\\p{Any}+', 'a1', 'a1'],
  ['\\x{1F680}', 'a\u{1F680}', '\u{1F680}'],
  ['^.$', '\u{1F680}', '\u{1F680}'],
])('%s finds in %s what Go does', (regex, text, found) => {
  expect(patternOf(regex).exec(text)?.[0]).toBe(found);
});

test.each([
  '(',
  '(?U)a.*b',
  'a(?i)b',
  '[[:^digit:]]',
  '[[:letters:]]',
  '\\C',
  '\\p{Emoji}',
  '\\p{',
  '\\Z',
  'a**',
  '[b-a]',
])('%s is no pattern', (regex) => {
  expect(() => patternOf(regex)).toThrow(SyntaxError);
});
