import { expect, test } from 'vitest';
import {
  absenceOf,
  demandsOf,
  describeName,
  modulesAmong,
  packageOf,
  subjectOf,
} from '../../../../src/buildpack/project/package-imports.ts';

test.each([
  ['express', 'express'],
  ['lodash/fp', 'lodash'],
  ['@scope/name/sub', '@scope/name'],
  ['./local.js', undefined],
  ['/absolute.js', undefined],
  ['node:fs', undefined],
  ['fs', undefined],
  ['file:///x.js', undefined],
  ['#internal', undefined],
])('%s is of package %s', (specifier, name) => {
  expect(packageOf(specifier)).toBe(name);
});

test('a demand is a module and each of its names', () => {
  expect(demandsOf(subjectOf('import', 'p/sub', ''), ['a'])).toEqual(['import p/sub', 'import p/sub a']);
  const subject = subjectOf('require', 'p', 'packages/a b');
  expect(demandsOf(subject, ['a'])).toEqual(['in packages/a%20b require p', 'in packages/a%20b require p a']);
});

test('demands of modules are told from those of their names', () => {
  const demands = ['import p/sub', 'import p/sub a', 'in b require q', 'in b require q b', absenceOf('require q b')];
  expect(modulesAmong(demands)).toEqual(['import p/sub', 'in b require q']);
});

test.each([
  ['require p/sub a', '"a" in p/sub'],
  ['import p default.a', '"a" in p'],
  ['import p default', '"default" in p'],
  ['in packages/a import p a', '"a" in p'],
])('the demand %s is %s', (demand, text) => {
  expect(describeName(demand)).toBe(text);
});
