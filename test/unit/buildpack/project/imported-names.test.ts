import { expect, test } from 'vitest';
import { importedNames } from '../../../../src/buildpack/project/imported-names.ts';
import { plainSource } from '../../../../src/buildpack/project/package-imports.ts';

test('finds the names a module imports', () => {
  const source = `
    import d, { a, b as c, type T } from 'p';
    import { other } from 'q';
    export { e } from "p";
    import * as space from 'p';
    space.f(space.g); not.space.h;
  `;
  expect(importedNames(source, 'p', 'import')).toEqual({
    named: ['a', 'b', 'default', 'e'],
    members: ['f', 'g'],
    hasInterop: false,
  });
});

test.each([
  ['a line comment between braces', `import { a, // x, y\n b } from "p";`, ['a', 'b']],
  ['a block comment between braces', `import { a, /* x, * y */ b } from "p";`, ['a', 'b']],
  ['an import in a comment', `// import { a } from "p";\n/*\nimport { b } from "p";\n*/`, []],
  ['an address, which is no comment', `const u = "http://x"; import { a } from "p"; const v = 'it\\'s /* not';`, ['a']],
])('%s', (_, source, named) => {
  expect(importedNames(plainSource(source, '/app/index.mjs'), 'p', 'import').named).toEqual(named);
});

test('types are no names', () => {
  const source = `import { type T, a } from 'p'; import type { U } from 'p'; const x: T = a;`;
  expect(importedNames(plainSource(source, '/app/index.ts'), 'p', 'import').named).toEqual(['a']);
});

test.each([
  ['a default export', `import d from 'p'; d.a(d?.b); (0, d.c)();`, ['default.a', 'default.b', 'default.c']],
  ['a default export by its name', `import { default as d } from 'p'; new d.A();`, ['default.A']],
  ['a default export beside others', `import d, * as all from 'p'; d.a; all.b;`, ['b', 'default.a']],
  ['a default export of a namespace', `import * as all from 'p'; all.default.a();`, ['default', 'default.a']],
  ['a spread', `import d from 'p'; const all = [...d.list];`, ['default.list']],
  ['what import() gives', `const l = await import('p'); l.a(); const { b } = await import('p');`, ['a', 'b']],
  ['import() at once', `(await import("p")).a();`, ['a']],
  ['an export of its own', `import d from 'p'; import e from 'q'; e.a(x.d.b);`, []],
])('finds names read from %s of an ES module', (_, source, members) => {
  expect(importedNames(source, 'p', 'import').members).toEqual(members);
});

test.each([
  ['a variable', `const l = require('p'), m = require('q');\nif (l.a) m.b(l.c);`, ['a', 'c']],
  ['a variable without semicolons', `const l = require('p')\nconst { a } = l\nfoo(l.b)`, ['a', 'b']],
  ['brackets', `const l = require("p"); l['a'](l?.["b"], l[c]);`, ['a', 'b']],
  ['a pattern', `const { a, b: c, d = f(1), 'e': { g }, ...rest } = require('p');`, ['a', 'b', 'd', 'e']],
  ['the call itself', `const a = require('p').a; require('p').b();`, ['a', 'b']],
  ['a call of the package', `const app = require('p')(); app.get();`, []],
  ['a second variable', `const l = require('p'); const m = l; const { a } = m; m.b;`, ['a', 'b']],
  ['its default', `const d = require('p').default; d.a();`, ['default', 'default.a']],
  ['a class', `const l = require('p'); class A extends l.Base {}`, ['Base']],
  ['a name with a dollar sign', `const $ = require('p'); $.a; b$.c;`, ['a']],
  ['another package', `const l = require('q'); l.a;`, []],
])('finds names that CommonJS reads from %s', (_, source, members) => {
  expect(importedNames(source, 'p', 'require')).toEqual({ named: [], members, hasInterop: false });
});

test.each([
  ['TypeScript', `const p_1 = require("p"); (0, p_1.a)(p_1.b);`, ['a', 'b'], false],
  [
    'TypeScript with a default',
    `const p_1 = __importDefault(require("p")); p_1.default.a(); (0, p_1.default)();`,
    ['default', 'default.a'],
    true,
  ],
  ['TypeScript with a namespace', `const p = __importStar(require("p")); p.a();`, ['a'], true],
  [
    'TypeScript with tslib',
    `const p_1 = tslib_1.__importDefault(require("p")); p_1.default.a;`,
    ['default', 'default.a'],
    true,
  ],
  ['Babel', `var _p = _interopRequireDefault(require("p")); _p.default.a();`, ['default', 'default.a'], true],
  [
    'SWC',
    `const _p = /*#__PURE__*/ _interop_require_default._(require("p")); _p.default.a;`,
    ['default', 'default.a'],
    true,
  ],
  ['esbuild', `var import_p = __toESM(require("p"), 1); import_p.default.a();`, ['default', 'default.a'], true],
])('finds names in what %s compiled', (_, source, members, hasInterop) => {
  const plain = plainSource(source, '/app/index.js');
  expect(importedNames(plain, 'p', 'require')).toEqual({ named: [], members, hasInterop });
});

test('long texts cost little', () => {
  const source = `const l = require('p'); const data = '${'QUJD'.repeat(100_000)}'; l.a();`;
  expect(importedNames(source, 'p', 'require').members).toEqual(['a']);
});
