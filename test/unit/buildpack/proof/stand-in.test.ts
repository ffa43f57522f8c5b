import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readObservations, type Observations } from '../../../../src/buildpack/proof/observation.ts';
import { makeFolder } from '../../../support/workspace.ts';

const MODULE = new URL('../../../../src/buildpack/proof/stand-in.ts', import.meta.url).pathname;

const DEMANDS = ['import p', 'import p Router', 'import @s/q', 'import @s/q a', 'require p/sub', 'require @s/q'];

/** Loads `entry` in a process of its own with stand-ins that meet DEMANDS; gives the names it exports and what was told. */
function load(files: Record<string, string>, entry: string): { names: string; told: Observations } {
  const folder = makeFolder(files);
  const script = `
    import { installStandIns } from ${JSON.stringify(MODULE)};
    installStandIns(${JSON.stringify(DEMANDS)});
    const module = await import(${JSON.stringify(join(folder, entry))});
    console.log(Object.keys(module).filter((name) => !['default', 'module.exports'].includes(name)).join());
  `;
  const stdio = Array.from({ length: 5 }, () => 'pipe' as const);
  const { output, stderr } = spawnSync('node', ['--input-type=module', '-e', script], { encoding: 'utf8', stdio });
  const names = output[1]?.trim() ?? '';
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
  ['TypeScript', 'index.ts', `import { a, type T } from '@s/q'; export const hello = (x: T): string => a(x);`],
])('%s that uses absent packages loads, shows its exports and tells its demands', (_, entry, source) => {
  const { names, told } = load({ [entry]: source }, entry);
  expect(names).toBe('hello');
  expect(told.undecided).toBeUndefined();
  expect(told.demands).toMatchSnapshot();
});

test.each([
  ['a package nobody asked for before', `import 'unknown-package';`, "Cannot find package 'unknown-package'"],
  ['a path nobody asked for before', `import 'p/other';`, "Cannot find package 'p'"],
  ['a name nobody asked for before', `import { other } from 'p';`, "Cannot find package 'p'"],
])('%s stays missing', (_, source, message) => {
  expect(() => load({ 'index.mjs': source }, 'index.mjs')).toThrow(message);
});

test.each([
  ['a number', 'if (p.version > 3) throw new Error();'],
  ['a text', 'String(p());'],
  ['elements', 'const [a] = p.list;'],
  ['names', 'const all = { ...p };'],
  ['whether there is a name', 'if ("a" in p) throw new Error();'],
  ['a class', 'const isOne = {} instanceof p.Class;'],
])('what asks an absent package for %s is undecided', (_, source) => {
  const files = { 'index.mjs': `import p from 'p';\n${source}\nexport const hello = 1;` };
  expect(load(files, 'index.mjs').told.undecided).toMatchSnapshot();
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
