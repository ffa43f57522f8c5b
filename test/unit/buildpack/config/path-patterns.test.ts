import { expect, test } from 'vitest';
import { matchesPatterns } from '../../../../src/buildpack/config/path-patterns.ts';

// All but the last three are what github.com/sabhiram/go-gitignore says, by which pack reads project.toml.
test.each<[readonly string[], readonly string[], readonly string[]]>([
  [['docs'], ['docs', 'docs/a.md', 'packages/docs/a.md'], ['docs.md', 'mydocs']],
  [['/docs'], ['docs/a.md'], ['packages/docs/a.md']],
  [['docs/'], ['docs/a.md', 'packages/docs/'], ['docs']],
  [['*.md'], ['a.md', 'docs/a.md'], ['a.mdx', 'amd']],
  [['src/*.test.ts'], ['src/a.test.ts'], ['src/a/b.test.ts', 'packages/src/a.test.ts']],
  [['**/fixtures'], ['fixtures/a', 'a/b/fixtures/c'], ['my-fixtures']],
  [['a/**/b'], ['a/b', 'a/x/y/b'], ['a/xb']],
  [['/**/a'], ['a', 'x/y/a'], ['xa']],
  [['logs/**'], ['logs', 'logs/a/b'], ['log']],
  [['logs', '!logs/keep.txt'], ['logs/a.txt'], ['logs/keep.txt']],
  [['!a', 'a'], ['a'], ['b']],
  [['a?c'], ['a?c'], ['abc', 'ac']],
  [['# comment', '  ', ' a '], ['a'], ['# comment', 'comment']],
  [
    ['\\#a', '\\!b'],
    ['#a', '!b'],
    ['a', 'b'],
  ],
  [['a+(b).$'], ['a+(b).$'], ['aab', 'ab']],
  [
    ['[ab].js', '[!x]y'],
    ['a.js', 'ay'],
    ['c.js', 'xy'],
  ],
])('%j', (patterns, named, others) => {
  expect(named.filter((path) => !matchesPatterns(patterns, path))).toEqual([]);
  expect(others.filter((path) => matchesPatterns(patterns, path))).toEqual([]);
});
