import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../support/workspace.ts';

const SRC = new URL('../../../src/', import.meta.url).pathname;
const LOADER = `
import { describeError } from '${SRC}base/error.ts';
import { frameworkAliases, installAliases } from '${SRC}framework/alias.ts';
import { loadModule } from '${SRC}framework/loader.ts';
const [source, target] = process.argv.slice(2);
installAliases(frameworkAliases(new URL('file://${SRC}framework/'), '.ts'));
try {
  const { functions, modulePath, warnings } = await loadModule({ source, target: target || undefined, signatureType: 'http' });
  for (const warning of warnings) console.log(warning);
  for (const { handler } of functions) console.log(modulePath.slice(source.length + 1), handler());
} catch (error) {
  console.log(describeError(error));
}
`;

/** Loads a function in a process of its own, as Node does it, and gives what it says: the module and the answer, or the failure. */
function load(files: Record<string, string>, target = 'hello'): string {
  const app = makeFolder(files);
  const script = join(makeFolder(), 'load.mjs');
  writeFileSync(script, LOADER);
  const output = execFileSync('node', [script, app, target], { encoding: 'utf8', stdio: 'pipe' });
  return output
    .replaceAll(app, '<app>')
    .replaceAll(/\n\nNode\.js v\S+/g, '')
    .trim();
}

const ESM = { 'package.json': '{"type": "module"}' };
const COMMONJS = { 'package.json': '{"type": "commonjs"}' };

test.each<[string, Record<string, string>, string, string]>([
  ['CommonJS', { 'index.js': 'exports.hello = () => 1;' }, 'hello', 'index.js 1'],
  ['an ES module by package.json', { ...ESM, 'index.js': 'export const hello = () => 2;' }, 'hello', 'index.js 2'],
  ['an ES module by suffix', { 'index.mjs': 'export const hello = () => 3;' }, 'hello', 'index.mjs 3'],
  [
    'an ES module with top-level await',
    { 'index.mjs': 'const a = await 4; export const hello = () => a;' },
    'hello',
    'index.mjs 4',
  ],
  ['TypeScript', { ...ESM, 'index.ts': 'export const hello = (): number => 5;' }, 'hello', 'index.ts 5'],
  ['TypeScript in CommonJS', { 'index.cts': 'const a: number = 6; exports.hello = () => a;' }, 'hello', 'index.cts 6'],
  ['a dotted target', { 'index.js': 'exports.a = { b: () => 7 };' }, 'a.b', 'index.js 7'],
  ['a module that is a function', { 'index.js': 'module.exports = () => 15;' }, 'default', 'index.js 15'],
  ['the default export', { 'index.mjs': 'export default () => 8;' }, 'default', 'index.mjs 8'],
  ['a member of the default export', { 'index.mjs': 'export default { hello: () => 9 };' }, 'hello', 'index.mjs 9'],
  [
    'a declared function',
    { 'index.mjs': `import { http } from '@openfunction/functions-framework'; http('hello', () => 10);` },
    'hello',
    'index.mjs 10',
  ],
  [
    'a function declared through the name of Google, in CommonJS',
    { 'index.js': `require('@google-cloud/functions-framework').http('hello', () => 11);` },
    'hello',
    'index.js 11',
  ],
  [
    'the only declared function, when no target is named',
    { 'index.mjs': `import { http } from '@openfunction/functions-framework'; http('only', () => 12);` },
    '',
    'index.mjs 12',
  ],
  [
    'every declared function, when no target is named',
    {
      'index.mjs': `import { http } from '@openfunction/functions-framework'; http('a', () => 1); http('b', () => 2);`,
    },
    '',
    'index.mjs 1\nindex.mjs 2',
  ],
  ['two targets', { 'index.js': 'exports.a = () => 1; exports.b = () => 2;' }, 'a, b', 'index.js 1\nindex.js 2'],
  [
    'the export "function" for any name, with a warning',
    { 'index.js': 'exports.function = () => 13;' },
    'hello',
    "Function 'hello' is not defined in the provided module; its export 'function' is served instead.\nindex.js 13",
  ],
  ["the contract's default target", { 'index.js': 'exports.function = () => 14;' }, '', 'index.js 14'],
])('%s', (_, files, target, answer) => {
  expect(load(files, target)).toBe(answer);
});

test.each<[string, Record<string, string>]>([
  ['a name that is nearly there', { 'index.js': 'exports.helo = exports.bye = () => {};' }],
  ['a module that exports nothing', { 'index.js': '' }],
  ['an export that is null', { 'index.js': 'exports.hello = null;' }],
  ['an export that is no function', { 'index.js': 'exports.hello = 42;' }],
  [
    'a declaration with the options before the handler',
    { 'index.js': `require('@openfunction/functions-framework').http('hello', { path: '/' }, () => {});` },
  ],
  ['a syntax error in CommonJS', { 'index.js': 'exports.hello = () => {\n  return (;\n};' }],
  ['a syntax error in an ES module', { 'index.mjs': 'export const hello = () => {\n  return (;\n};' }],
  ['a syntax error in TypeScript', { 'index.ts': 'export const hello = (: number) => {};' }],
  [
    'an ES module that is CommonJS by package.json',
    { ...COMMONJS, 'index.js': `import './a.js';`, 'a.js': 'export const a = 1;' },
  ],
  [
    'an ES module of TypeScript that is CommonJS by package.json',
    { ...COMMONJS, 'index.ts': 'export const hello = (): string => import.meta.url;' },
  ],
  ['an ES module that is CommonJS by its name', { ...ESM, 'index.js': `import './a.cjs';`, 'a.cjs': `import 'fs';` }],
  [
    'a package that is CommonJS and has what ES modules have',
    {
      'index.js': `require('lib');`,
      'node_modules/lib/package.json': '{"type": "commonjs"}',
      'node_modules/lib/index.js': 'export const a = 1;',
    },
  ],
  ['an export within a block', { 'index.mjs': '{\n  export const hello = 1;\n}' }],
  [
    'an import of a name that is not exported',
    { 'index.mjs': `import { no } from './a.mjs'; export const hello = no;`, 'a.mjs': '' },
  ],
  ['an enum', { ...ESM, 'index.ts': 'enum A { B }\nexport const hello = () => A.B;' }],
  ['a missing package in CommonJS', { 'index.js': `require('left-pad');` }],
  ['a missing package in an ES module', { 'index.mjs': `import 'left-pad';` }],
  [
    'a package that nothing has made',
    { 'index.js': `require('./lib');`, 'lib/package.json': '{"main": "dist/index.js"}', 'lib/src/index.ts': '' },
  ],
  [
    'a package that is not made, for an ES module',
    {
      ...ESM,
      'index.js': `import 'lib';`,
      'node_modules/lib/package.json': '{"exports": "./dist/index.js"}',
    },
  ],
  [
    'TypeScript of another package that can not be stripped',
    { ...ESM, 'index.ts': `import './lib/index.ts';`, 'lib/package.json': '{}', 'lib/index.ts': 'export enum A {}' },
  ],
  ['a TypeScript file by its compiled name', { ...ESM, 'index.ts': `import './lib.js';`, 'lib.ts': '' }],
  ['a TypeScript file without its extension', { ...ESM, 'index.ts': `import './lib';`, 'lib.ts': '' }],
  ['a module that is a function itself', { 'index.js': 'module.exports = () => {};' }],
  ['a missing file', { 'index.mjs': `import './lib/nothing.mjs';` }],
  ['a module that throws', { 'index.js': `const read = () => { throw new Error('no DATABASE_URL'); };\nread();` }],
  ['a module that throws no error', { 'index.mjs': `throw 'text';` }],
])('%s fails with a code and what to do', (_, files) => {
  expect(load(files)).toMatchSnapshot();
});

test('what every object inherits is no export', () => {
  expect(load({ 'index.js': 'exports.hello = () => 1;' }, 'toString')).toContain("Function 'toString' is not defined");
});
