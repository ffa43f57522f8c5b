import { expect, test } from 'vitest';
import { demandsOf, importedNames, packageOf, plainSource } from '../../../../src/buildpack/project/package-imports.ts';

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

test('finds the names a module imports', () => {
  const source = `
    import d, { a, b as c, type T } from 'p';
    import { other } from 'q';
    export { e } from "p";
    import * as space from 'p';
    space.f(space.g); not.space.h;
  `;
  expect(importedNames(source, 'p')).toEqual({ named: ['a', 'b', 'e'], members: ['f', 'g'] });
});

test.each([
  ['a line comment between braces', `import { a, // x, y\n b } from "p";`, ['a', 'b']],
  ['a block comment between braces', `import { a, /* x, * y */ b } from "p";`, ['a', 'b']],
  ['an import in a comment', `// import { a } from "p";\n/*\nimport { b } from "p";\n*/`, []],
  ['an address, which is no comment', `const u = "http://x"; import { a } from "p"; const v = 'it\\'s /* not';`, ['a']],
])('%s', (_, source, named) => {
  expect(importedNames(plainSource(source, '/app/index.mjs'), 'p').named).toEqual(named);
});

test('types are no names', () => {
  const source = `import { type T, a } from 'p'; import type { U } from 'p'; const x: T = a;`;
  expect(importedNames(plainSource(source, '/app/index.ts'), 'p').named).toEqual(['a']);
});

test('a demand is a module and each of its names', () => {
  expect(demandsOf('import', 'p/sub', ['a'])).toEqual(['import p/sub', 'import p/sub a']);
});
