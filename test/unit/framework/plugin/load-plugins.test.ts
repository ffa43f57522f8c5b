import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initPlugins, loadPlugins } from '../../../../src/framework/plugin/load-plugins.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const FRAMEWORK = new URL('../../../../src/framework/index.ts', import.meta.url).href;

interface Found {
  readonly folder: string;
  readonly names: string[];
  readonly versions: unknown[];
  /** What was said, its frames left out. */
  readonly logged: string[];
}

/** Loads the plugins of a folder with these files. */
async function load(files: Record<string, string>, folder = makeFolder(files)): Promise<Found> {
  const logged: string[] = [];
  const say = (line: string): void =>
    void logged.push(line.replaceAll(folder, '<folder>').replaceAll(/\n +at .*/g, ''));
  const log = { warn: say, error: say };
  const sources = { folder, isNamed: false, modulePath: join(folder, 'index.js'), wanted: [], log };
  const plugins = await loadPlugins(sources);
  await initPlugins(plugins);
  return {
    folder,
    names: [...plugins.keys()],
    versions: [...plugins.values()].map((one) => one.plugin.version),
    logged,
  };
}

const duck = (name: string, version = '1'): string =>
  `{ name: '${name}', version: '${version}', execPreHook() {}, execPostHook() {} }`;
const duckClass = (name: string, more = ''): string =>
  `class { name = '${name}'; ${more} execPreHook() {} execPostHook() {} }`;
const plugin = (name: string, hooks = 'async execPreHook() {}'): string =>
  `class extends Plugin { constructor() { super('${name}', 'v1'); } ${hooks} }`;
const IMPORT = `import { Plugin } from '${FRAMEWORK}';`;

test.each<[string, Record<string, string>]>([
  ['CommonJS', { 'a.cjs': `exports.A = ${duckClass('a')};` }],
  ['CommonJS that is a class', { 'a.cjs': `module.exports = ${duckClass('a')};` }],
  ['CommonJS that is an object', { 'a.cjs': `module.exports = ${duck('a')};` }],
  ['CommonJS with an index of objects', { 'a.js': `exports.list = ${duck('a')};` }],
  ['compiled CommonJS', { 'a.cjs': `exports.__esModule = true; exports.default = ${duckClass('a')};` }],
  ['an ES module', { 'a.mjs': `export const a = ${duck('a')};` }],
  ['an ES module by package.json', { 'package.json': '{"type":"module"}', 'a.js': `export const a = ${duck('a')};` }],
  ['a default export', { 'a.mjs': `export default ${duckClass('a')};` }],
  ['a default export with plugins in it', { 'a.mjs': `export default { a: ${duck('a')} };` }],
  ['a module that is a plugin itself', { 'a.mjs': `export const name = 'a'; export function execPreHook() {}` }],
  ['top-level await', { 'a.mjs': `await null; export const a = ${duck('a')};` }],
  ['TypeScript', { 'a.mts': `const version: string = '1'; export const a = { ...${duck('a')}, version };` }],
  ['a folder with an index', { 'a/index.js': `exports.a = ${duck('a')};` }],
  ['a folder with an index in TypeScript', { 'a/index.mts': '', 'a/index.ts': `exports.a = ${duck('a')} as object;` }],
  ['a folder with a main', { 'a/package.json': '{"main":"lib/x.js"}', 'a/lib/x.js': `exports.a = ${duck('a')};` }],
  ['a class that extends Plugin', { 'a.mjs': `${IMPORT} export const A = ${plugin('a')};` }],
  ['an instance', { 'a.mjs': `${IMPORT} export default new (${plugin('a')})();` }],
  ['a class of the name Plugin', { 'a.mjs': `export class Plugin { name = 'a'; execPostHook() {} }` }],
  ['hooks as members of a class of its own', { 'a.mjs': `export class A { name = 'a'; execPreHook = () => {}; }` }],
  ['hooks as members', { 'a.mjs': `${IMPORT} export const A = ${plugin('a', 'execPreHook = () => {};')};` }],
])('%s', async (_, files) => {
  expect(await load(files)).toMatchObject({ names: ['a'], logged: [] });
});

test('files load in alphabetical order, all plugins of each', async () => {
  const files = {
    'b.cjs': `exports.z = ${duck('z')}; exports.y = ${duck('y')};`,
    'a.mjs': `export const b = ${duck('b')};`,
    'C.js': `exports.c = ${duck('c')};`,
  };
  expect(await load(files)).toMatchObject({ names: ['c', 'b', 'z', 'y'], logged: [] });
});

test.each<[string, Record<string, string>]>([
  ['another module', { 'a.cjs': 'exports.a = 1; exports.b = () => {}; exports.c = class {}; exports.d = null;' }],
  ['a module without exports', { 'a.mjs': '' }],
  ['an object without hooks', { 'a.cjs': `exports.a = { name: 'a', execPreHook: true };` }],
  ['an object without a name', { 'a.cjs': `exports.a = { execPreHook() {} };` }],
  ['the base of plugins', { 'a.mjs': `export { Plugin } from '${FRAMEWORK}';` }],
  [
    'text, data and declarations',
    { 'README.md': '', 'package.json': '{"type":"module"}', 'a.d.ts': '', 'b.d.mts': '' },
  ],
  ['a folder without an index', { 'lib/helper.js': `throw new Error('not loaded');` }],
  ['installed packages', { 'node_modules/a/index.js': `throw new Error('not loaded');` }],
  ['what is hidden', { '.a.js': `throw new Error('not loaded');` }],
])('%s is no plugin, and no fault', async (_, files) => {
  expect(await load(files)).toMatchObject({ names: [], logged: [] });
});

test('a module that fails is told of in the words of the contract, and the others are loaded', async () => {
  const files = {
    'a.cjs': `exports.a = ${duck('a')};`,
    'b.cjs': `throw new Error('boom');`,
    'c.mjs': `import 'not-installed'; export const c = ${duck('c')};`,
    'd.cjs': `exports.d = ${duck('d')};`,
  };
  const { names, logged } = await load(files);
  expect(names).toEqual(['a', 'd']);
  expect(logged).toEqual([
    `Provided module cannot be loaded. Plesae make sure your module extend Plugin class properly.
Couldn't load the plugin <folder>/b.cjs; it is left out.
Detailed stack trace: Error: boom`,
    expect.stringContaining("Cannot find package 'not-installed' imported from <folder>/c.mjs"),
  ]);
});

test.each<[string, string, string]>([
  ['throws', `class { name = 'x'; constructor() { throw new Error('boom'); } execPreHook() {} }`, 'boom'],
  ['makes a plugin without a name', `class { execPreHook() {} }`, 'Plugin name must be specified.'],
  ['makes one whose name is blank', `class { name = ' '; execPreHook() {} }`, 'Plugin name must be specified.'],
])('a class that %s is left out; others of its module are not', async (_, bad, message) => {
  const { names, logged } = await load({
    'a.cjs': `exports.a = ${duck('a')}; exports.b = ${bad}; exports.c = ${duck('c')};`,
  });
  expect(names).toEqual(['a', 'c']);
  expect(logged).toEqual([expect.stringContaining(`Error: ${message}`)]);
});

test('what is exported twice is one plugin', async () => {
  const files = {
    'a.cjs': `module.exports = ${duckClass('a')}; module.exports.A = module.exports; module.exports.default = module.exports;`,
    'b.mjs': `export { default } from './a.cjs'; export { default as again } from './a.cjs';`,
  };
  expect(await load(files)).toMatchObject({ names: ['a'], logged: [] });
});

test('of several plugins with one name the last is used, in the place of the first', async () => {
  const files = {
    'a.cjs': `exports.a = ${duck('x', '1')}; exports.b = ${duck('b')};`,
    'c.cjs': `exports.c = ${duck('x', '2')};`,
  };
  expect(await load(files)).toMatchObject({
    names: ['x', 'b'],
    versions: ['2', '1'],
    logged: ['There are several plugins named "x"; the last one is used.'],
  });
});

test('JavaScript goes before the TypeScript that it was made of', async () => {
  const files = { 'a.js': `exports.a = ${duck('a', 'js')};`, 'a.ts': `exports.a = ${duck('a', 'ts')};` };
  expect(await load(files)).toMatchObject({ versions: ['js'], logged: [] });
});

test('a plugin without hooks is told of once; one hook is enough', async () => {
  const files = { 'a.mjs': `${IMPORT} export const A = ${plugin('a', '')}; export const B = ${plugin('b')};` };
  expect(await load(files)).toMatchObject({
    names: ['a', 'b'],
    logged: ['Plugin "a" has not implemented pre or post hook function.'],
  });
});

test('no folder is no fault; one that is a file is told of', async () => {
  const folder = makeFolder({ plugins: 'text' });
  expect(await load({}, join(folder, 'none'))).toMatchObject({ names: [], logged: [] });
  const { names, logged } = await load({}, join(folder, 'plugins'));
  expect([names, logged]).toEqual([[], ["Fail to load plugins: ENOTDIR: not a directory, scandir '<folder>'"]]);
});

test('links lead to modules, such as those of a mounted ConfigMap', async () => {
  const folder = makeFolder({ '..2026/a.js': `exports.a = ${duck('a')};` });
  symlinkSync('..2026', join(folder, '..data'));
  symlinkSync('..data/a.js', join(folder, 'a.js'));
  expect(await load({}, folder)).toMatchObject({ names: ['a'], logged: [] });
});

test('init is awaited, one plugin after the other', async () => {
  const slow = `{ ...${duck('a')}, async init() { await new Promise(setImmediate); this.version = 'ready'; globalThis.first = this; } }`;
  const next = `{ ...${duck('b')}, init() { this.version = globalThis.first.version; } }`;
  expect(await load({ 'a.cjs': `exports.a = ${slow}; exports.b = ${next};` })).toMatchObject({
    versions: ['ready', 'ready'],
  });
});

test('an init that fails ends the start', async () => {
  const files = { 'a.cjs': `exports.a = { ...${duck('a')}, async init() { throw new Error('no database'); } };` };
  expect(await failureOf(() => load(files))).toMatchInlineSnapshot(`
    "ERROR [OFN-PLUGIN] Couldn't initialise the plugin "a": no database

    Correct what its "init" does, or give it the environment it needs."
  `);
});

test('a folder that somebody named has to be there', async () => {
  const folder = join(makeFolder(), 'none');
  const log = { warn() {}, error() {} };
  const sources = { folder, isNamed: true, modulePath: '/index.js', wanted: [], log };
  expect(await failureOf(() => loadPlugins(sources), { folder })).toMatchInlineSnapshot(`
    "ERROR [OFN-PLUGIN] Couldn't read the folder of plugins <folder>: ENOENT: no such file or directory, scandir '<folder>'.

    Set FUNC_PLUGINS_DIR to a folder that can be read, or leave it out."
  `);
});
