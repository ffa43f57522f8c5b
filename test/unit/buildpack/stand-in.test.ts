import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importedNames, packageOf } from '../../../src/buildpack/stand-in.ts';
import { makeFolder } from '../../support/workspace.ts';

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
  expect(importedNames(source, 'p')).toEqual(['a', 'b', 'e', 'f', 'g']);
});

const MODULE = new URL('../../../src/buildpack/stand-in.ts', import.meta.url).pathname;

/** Loads `entry` in a process of its own with stand-ins for p and @s/q, and prints the names it exports. */
function exportsOf(files: Record<string, string>, entry: string): string {
  const folder = makeFolder(files);
  const script = `
    import { installStandIns } from ${JSON.stringify(MODULE)};
    installStandIns(['p', '@s/q']);
    const module = await import(${JSON.stringify(join(folder, entry))});
    console.log(Object.keys(module).filter((name) => !['default', 'module.exports'].includes(name)).join());
  `;
  return execFileSync('node', ['--input-type=module', '-e', script], { encoding: 'utf8', stdio: 'pipe' }).trim();
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
])('%s that uses absent packages loads and shows its exports', (_, entry, source) => {
  expect(exportsOf({ [entry]: source }, entry)).toBe('hello');
});

test("a package that is nobody's dependency stays missing", () => {
  expect(() => exportsOf({ 'index.mjs': `import 'unknown-package';` }, 'index.mjs')).toThrow(
    /Cannot find package 'unknown-package'/,
  );
});
