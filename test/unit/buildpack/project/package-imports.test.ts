import { expect, test } from 'vitest';
import {
  demandsOf,
  importedNames,
  loadedBy,
  packageOf,
  plainSource,
  requiredNames,
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

test('finds the names a module imports', () => {
  const source = `
    import d, { a, b as c, type T } from 'p';
    import { other } from 'q';
    export { e } from "p";
    import * as space from 'p';
    space.f(space.g); not.space.h; d?.i; d.default.j;
  `;
  expect(importedNames(source, 'p')).toEqual({ named: ['a', 'b', 'e'], members: ['f', 'g', 'i', 'j'] });
});

test.each([
  ['a name for all of it', `const l = require('p'); l.a(l.b.c); x.l.d; l['e'];`, ['a', 'b']],
  ['names taken apart', `const { a, b: c, d = 1 } = require("p");`, ['a', 'b', 'd']],
  ['a member at once', `const a = require('p').a; require('p')?.b; const { c } = require('p').d;`, ['a', 'b', 'd']],
  ['what a compiler makes', `const p_1 = __importDefault(require("p")); p_1.default.a(); (0, p_1.b)();`, ['a', 'b']],
  ['another package', `const l = require('p/sub'); l.a;`, []],
])('finds the names a module reads off what it requires, by %s', (_, source, members) => {
  expect(requiredNames(source, 'p')).toEqual({ named: [], members });
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

test('a demand is a module and each of its names, and of these those that it has to have are loaded', () => {
  const demands = demandsOf('import', 'p/sub', { named: ['a'], members: ['b'] });
  expect(demands).toEqual(['import p/sub', 'import p/sub a', 'import p/sub .b']);
  expect(loadedBy(demands)).toEqual(['import p/sub', 'import p/sub a']);
});
