import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readObservations, type Observations } from '../../../../src/buildpack/proof/observation.ts';
import { makeFolder } from '../../../support/workspace.ts';

const MODULE = new URL('../../../../src/buildpack/proof/package-hooks.ts', import.meta.url).pathname;

const DEMANDS = [
  'import p',
  'import p default',
  'import p Router',
  'import p default.list',
  'import p default.Class',
  'import p default.version',
  'no import p default.nope',
  'import p on',
  'no import p off',
  'import @s/q',
  'import @s/q a',
  'require p/sub',
  'require p/sub json',
  'require @s/q',
  'require @s/q a',
  'require @s/q default',
  'require @s/q default.make',
  'no require @s/q nope',
  'in packages/a import w',
  'in packages/a import w a',
  'no in packages/a import w b',
  'no require gone',
];

/**
 * Loads `entry` in a process of its own with stand-ins that meet DEMANDS; gives the names it exports and what was told.
 * `packages/a` is a workspace.
 */
function load(files: Record<string, string>, entry: string, areOnDisk = false): { names: string; told: Observations } {
  const folder = makeFolder({ 'node_modules/.package-lock.json': '{}', ...files });
  symlinkSync('../packages/a', join(folder, 'node_modules/a'));
  const script = `
    import { watchPackageFiles, watchPackages } from ${JSON.stringify(MODULE)};
    const watched = ${JSON.stringify({ demands: DEMANDS, appDir: folder, areOnDisk })};
    const packages = watchPackages(watched);
    watchPackageFiles(watched);
    const module = await import(${JSON.stringify(join(folder, entry))});
    console.log(Object.keys(module).filter((name) => !['default', 'module.exports'].includes(name)).join());
    await packages.tellNames();
  `;
  const stdio = Array.from({ length: 5 }, () => 'pipe' as const);
  const { output, stderr } = spawnSync('node', ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio,
    cwd: folder,
  });
  const names = output[1]?.trim() ?? '';
  if (stderr.includes('ran')) throw new Error('A getter ran.');
  if (names === '') throw new Error(stderr);
  return { names, told: readObservations(output) };
}

test.each([
  [
    'an ES module',
    'index.mjs',
    `import p, { Router } from 'p'; class R extends Router {} new R(); export const hello = p();`,
  ],
  [
    'CommonJS',
    'index.cjs',
    `const { json } = require('p/sub'); const q = require('@s/q'); exports.hello = q.a.b(json());`,
  ],
  [
    'compiled TypeScript',
    'index.cjs',
    `const q_1 = __importDefault(require('@s/q'));
    function __importDefault(mod) { return mod && mod.__esModule ? mod : { default: mod }; }
    exports.hello = q_1.default.make(q_1.default);`,
  ],
  ['CommonJS that tests for a name', 'index.cjs', `const q = require('@s/q'); if (!q.nope) exports.hello = q.a;`],
  [
    'an ES module that tests for names',
    'index.mjs',
    `import p, * as all from 'p'; if (p.nope || all.off || !all.on) throw new Error(); export const hello = 1;`,
  ],
  ['TypeScript', 'index.ts', `import { a, type T } from '@s/q'; export const hello = (x: T): string => a(x);`],
])('%s that uses absent packages loads, shows its exports and tells its demands', (_, entry, source) => {
  const { names, told } = load({ [entry]: source }, entry);
  expect(names).toBe('hello');
  expect([told.undecided, told.unknown]).toEqual([undefined, undefined]);
  expect(told.demands).toMatchSnapshot();
});

test.each([
  ['a package nobody asked for before', `import 'unknown-package';`, "Cannot find package 'unknown-package'"],
  ['a path nobody asked for before', `import 'p/other';`, "Cannot find package 'p'"],
  ['a name nobody asked for before', `import { other } from 'p';`, "Cannot find package 'p'"],
])('%s stays missing', (_, source, message) => {
  expect(() => load({ 'index.mjs': source }, 'index.mjs')).toThrow(message);
});

const WORKSPACE = { 'packages/a/package.json': '{}', 'packages/a/lib/index.mjs': `export { a } from 'w';` };

test('a package that one workspace has is not there for another', () => {
  const inside = { ...WORKSPACE, 'index.mjs': `export * from './packages/a/lib/index.mjs';` };
  expect(load(inside, 'index.mjs')).toMatchObject({
    names: 'a',
    told: { demands: ['in packages/a import w', 'in packages/a import w a'] },
  });
  const outside = { ...WORKSPACE, 'index.mjs': `export { a } from 'w';` };
  expect(() => load(outside, 'index.mjs')).toThrow("Cannot find package 'w'");
  const absent = { ...WORKSPACE, 'packages/a/lib/index.mjs': `import { b } from 'w'; export const hello = b;` };
  expect(() => load(absent, 'packages/a/lib/index.mjs')).toThrow("Cannot find package 'w'");
});

test.each([
  ['a module of a workspace', "import { a } from 'a/lib/index.mjs'; export const hello = a;"],
  ['CommonJS of a workspace', "import a from 'a'; export const hello = a;"],
  [
    'whether a workspace has a file',
    "import { existsSync } from 'node:fs'; export const hello = existsSync('node_modules/a/x');",
  ],
])('%s is there for an app whose packages are absent', (_, source) => {
  const files = { ...WORKSPACE, 'packages/a/index.js': 'module.exports = 1;', 'index.mjs': source };
  expect(load(files, 'index.mjs').told.undecided).toBeUndefined();
});

test.each([
  ['a number', 'if (p.version > 3) throw new Error();'],
  ['a text', 'String(p());'],
  ['elements', 'const [a] = p.list;'],
  ['names', 'const all = { ...p };'],
  ['whether there is a name', 'if ("a" in p) throw new Error();'],
  ['a class', 'const isOne = {} instanceof p.Class;'],
  ['values without end', 'try { for (let n = p(); n; n = n.next); } catch {}'],
  [
    'its manifest',
    "import { findPackageJSON } from 'node:module'; try { findPackageJSON('p', import.meta.url); } catch {}",
  ],
  ['a file', "import { existsSync } from 'node:fs'; existsSync(new URL('node_modules/p/x', import.meta.url));"],
])('what asks an absent package for %s is undecided', (_, source) => {
  const files = { 'index.mjs': `import p from 'p';\n${source}\nexport const hello = 1;` };
  expect(load(files, 'index.mjs').told.undecided).toMatchSnapshot();
});

test.each([
  ['read', `import p from 'p'; export const hello = p.other;`, 'import p default.other'],
  ['read in a function', `import p from 'p'; export const hello = () => p.other;`, 'import p default.other'],
  ['read of a namespace', `import * as p from 'p'; export const hello = () => p.other;`, 'import p other'],
  ['computed', `import p from 'p'; export const hello = p['ot' + 'her'];`, 'import p default.other'],
  ['handed on', `import p from 'p'; const x = { p }; export const hello = x.p.other;`, 'import p default.other'],
])('a name nobody looked up is unknown: %s', (_, source, demand) => {
  expect(load({ 'index.mjs': source }, 'index.mjs').told.unknown).toBe(demand);
});

test.each([
  ['CommonJS', 'index.cjs', "try { require('other'); } catch {}", 'require other'],
  ['a path that is looked for', 'index.cjs', "try { require.resolve('other'); } catch {}", 'require other'],
  ['an ES module', 'index.mjs', "await import('other').catch(() => {});", 'import other'],
  ['a name', 'index.mjs', "await import('./named.mjs').catch(() => {});", 'import p other'],
])(
  'a package of which nothing is known, and whose absence does not matter, is unknown: %s',
  (_, entry, source, demand) => {
    const files = { [entry]: `${source}\nexports.hello = 1;`, 'named.mjs': "import { other } from 'p';" };
    const module = entry.endsWith('.mjs') ? { [entry]: `${source}\nexport const hello = 1;` } : {};
    expect(load({ ...files, ...module }, entry).told.unknown).toBe(demand);
  },
);

test('what is missing where all is on disk is known to be, and stays so without packages', () => {
  const files = { 'index.cjs': "try { require('gone'); } catch {}\nexports.hello = 1;" };
  const onDisk = load(files, 'index.cjs', true).told;
  expect(onDisk).toMatchObject({ demands: ['no require gone'], unknown: undefined });
  expect(load(files, 'index.cjs').told).toMatchObject({ demands: ['no require gone'], unknown: undefined });
});

const ON_DISK = {
  'node_modules/esm/index.mjs': `export default { a: 1 }; export const on = 1; export const { list } = { list: [] };`,
  'node_modules/esm/package.json': '{"exports": "./index.mjs"}',
  'node_modules/cjs/index.js': `module.exports = { a: 1, get late() { console.error('ran'); return 1; } };`,
  'node_modules/compiled/index.js': `exports.__esModule = true; exports.default = { b: 1 }; exports.c = 1;`,
  'node_modules/data/package.json': '{"version": "1"}',
};

test.each([
  ['a default export', 'index.mjs', `import e from 'esm'; e.a; export const hello = () => e.nope;`],
  ['a namespace', 'index.mjs', `import * as e from 'esm'; e.on; e.nope; export const hello = e.default.a;`],
  ['a namespace of CommonJS', 'index.mjs', `import * as c from 'cjs'; c.a; export const hello = c.default;`],
  ['data', 'index.mjs', `import d from 'data/package.json' with { type: 'json' }; export const hello = d.version;`],
  ['CommonJS', 'index.cjs', `const c = require('cjs'); exports.hello = () => [c.a, c.late, c.nope, c.toString];`],
  [
    'an ES module by require',
    'index.cjs',
    `const e = require('esm'); exports.hello = [e.on, e.default.a, e.default.b];`,
  ],
  [
    'what helpers of compilers wrap',
    'index.cjs',
    `const c = __importDefault(require('cjs')), d = __importDefault(require('compiled'));
    function __importDefault(mod) { return mod && mod.__esModule ? mod : { default: mod }; }
    exports.hello = [c.default.a, c.default.nope, d.default.b, d.default.c];`,
  ],
  [
    'what is not loaded',
    'index.mjs',
    `import.meta.resolve('esm'); export const hello = async () => { const e = await import('esm'); e.on; };`,
  ],
])('names of packages on disk are told, there or not: %s', (_, entry, source) => {
  const { told } = load({ ...ON_DISK, [entry]: source }, entry);
  expect(told.unknown).toBeUndefined();
  expect(told.demands).toMatchSnapshot();
});

test('packages on disk are used and told; what they import themselves is not', () => {
  const files = {
    'index.mjs': `import { on } from 'disk'; export const hello = on;`,
    'node_modules/disk/index.mjs': `export { a as on } from 'other';`,
    'node_modules/disk/package.json': '{"exports": "./index.mjs"}',
    'node_modules/other/index.mjs': 'export const a = 1;',
    'node_modules/other/package.json': '{"exports": "./index.mjs"}',
  };
  expect(load(files, 'index.mjs').told.demands).toEqual(['import disk', 'import disk on']);
});
