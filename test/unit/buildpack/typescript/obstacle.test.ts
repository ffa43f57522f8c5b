import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findObstacle } from '../../../../src/buildpack/typescript/obstacle.ts';
import { makeFolder } from '../../../support/workspace.ts';

function obstacle(files: Readonly<Record<string, string>>, entry = 'index.ts'): string | undefined {
  const folder = makeFolder(files);
  const found = findObstacle(join(folder, entry));
  return found && `${found.path} ${found.what}`.replaceAll(`${folder}/`, '');
}

test.each<[string, string]>([
  ['enum A { B }', "has syntax that Node.js can't strip (TypeScript enum is not supported in strip-only mode)"],
  ['namespace A { export const b = 1; }', "has syntax that Node.js can't strip (TypeScript namespace declaration is"],
  [
    'class A { constructor(private b: string) {} }',
    "has syntax that Node.js can't strip (TypeScript parameter property",
  ],
  ["import a = require('a');", "has syntax that Node.js can't strip (TypeScript import equals declaration"],
  ['@a\nclass A {}', 'has decorators'],
  ['export @a class A {}', 'has decorators'],
  ['class A {\n  @a() b = 1;\n}', 'has decorators'],
  ["import { A } from './a.js';\nA;", 'imports "./a.js", which a compiler makes of a.ts'],
  ["import { A } from './a';\nA;", 'imports "./a", which a compiler makes of a.ts'],
  ["export * from './folder';", 'imports "./folder", which a compiler makes of index.ts'],
  ["import './module.mjs';", 'imports "./module.mjs", which a compiler makes of module.mts'],
  ["const { A } = require('./common.cjs');", 'imports "./common.cjs", which a compiler makes of common.cts'],
  ["const a = () => import('./a.js');", 'imports "./a.js", which a compiler makes of a.ts'],
  ["import { type B, A } from 'a';\nlet a: A;", 'imports A of "a" for its type, without "import type"'],
  ["import { b, A as C } from 'a';\nlet a: C = b;", 'imports C of "a" for its type, without "import type"'],
])('%s', (source, what) => {
  const files = { 'a.ts': '', 'folder/index.ts': '', 'module.mts': '', 'common.cts': '' };
  expect(obstacle({ ...files, 'index.ts': source })).toContain(`index.ts ${what}`);
});

test.each([
  "import type { A } from 'a';\nimport { type B } from 'b';\nlet a: A, b: B;",
  "import { $a, b as c } from 'a';\nexport const d = [`${$a}`, c];",
  "import a, { b } from './a.ts';\nexport default a(b);",
  "import * as a from 'a';\nimport b from 'b';\nlet c: a.C;",
  "import data from './data.json' with { type: 'json' };\nimport './plain.js';\nimport './plain';\nexport { data };",
  "const text = '@a';\nconst styles = `\n@media {}`;\n// @a\n/*\n@a\n*/\nconst mail = /a@b/;",
  "import './nowhere.js';\nimport 'package/a.js';\nimport 'node:fs';",
  'let a: = 1;',
  'class A<T> {\n  declare b: string;\n  c!: T;\n  accessor = 1 as const satisfies number;\n}',
])('nothing is in the way of %j', (source) => {
  expect(obstacle({ 'index.ts': source, 'a.ts': '', 'data.json': '{}', 'plain.js': '' })).toBeUndefined();
});

test('it is looked for in what is imported, around circles', () => {
  const files = {
    'index.ts': "import './a.ts';",
    'a.ts': "import './index.ts';\nimport './b/c.mts';",
    'b/c.mts': 'export enum D {}',
    'unused.ts': 'enum E {}',
  };
  expect(obstacle(files)).toContain("b/c.mts has syntax that Node.js can't strip");
  expect(obstacle({ ...files, 'b/c.mts': '' })).toBeUndefined();
});

test('JSX', () => {
  expect(obstacle({ 'index.ts': "import './page.tsx';", 'page.tsx': '' })).toBe('page.tsx has JSX');
  expect(obstacle({ 'page.tsx': '' }, 'page.tsx')).toBe('page.tsx has JSX');
});
