import { expect, test } from 'vitest';
import { expand, substitute, substituteWords } from '../../../support/tekton/references.ts';

const VALUES = new Map<string, string | readonly string[]>([
  ['params.NAME', '$(id -u) #'],
  ['params.none', []],
  ['params.two', ['a b', 'c']],
  ['results.digest.path', '/tekton/results/digest'],
]);

test.each([
  ['echo $(params.NAME)!', 'echo $(id -u) #!'],
  [`$(params["NAME"])$(params['NAME'])`, '$(id -u) #$(id -u) #'],
  ['$(inputs.params.NAME)', '$(id -u) #'],
  ['> $(results.digest.path)', '> /tekton/results/digest'],
  ['envs=($(env)) "${envs[@]}" $((1 + 1))', 'envs=($(env)) "${envs[@]}" $((1 + 1))'],
])('in %j references are texts', (text, expected) => {
  expect(substitute(text, VALUES)).toBe(expected);
});

test.each(['$(params.other)', '$(params.two)', '$(results.other.path)', '$(build.output.image)'])(
  '%s has nothing behind it',
  (reference) => {
    expect(() => substitute(reference, VALUES)).toThrow(`Nothing stands behind ${reference}.`);
  },
);

test('a word that is several becomes as many words', () => {
  const words = ['--', '$(params.none[*])', '$(params.two[*])', '$(params.NAME)'];
  expect(substituteWords(words, VALUES)).toEqual(['--', 'a b', 'c', '$(id -u) #']);
  expect(() => substituteWords(['$(params.NAME[*])'], VALUES)).toThrow('Nothing stands behind $(params.NAME[*]).');
});

test.each([
  ['$(A) $(B) $$(A) $$ $A', '1 $(B) $(A) $ $A'],
  ['$(id -u) $((1 + 1)) $(', '$(id -u) $((1 + 1)) $('],
])('kubelet makes of %j the word %j', (text, expected) => {
  expect(expand(text, { A: '1' })).toBe(expected);
});
