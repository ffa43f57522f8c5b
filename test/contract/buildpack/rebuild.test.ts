import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite, type Phase, type Site } from '../../support/buildpack.ts';

const HELLO = { FUNC_NAME: 'hello' };
const REUSED = 'Dependencies: reused';
const AFTER_ALL = 'Dependencies: installing after all';

/** Builds a changed source where a lifecycle without a cache has been before. */
async function rebuild(site: Site, source: string, file = 'index.js', env: Record<string, string> = HELLO) {
  site.forgetContents();
  writeFileSync(join(site.app, file), source);
  return site.build(env);
}

test('dependencies are installed once, and taken over without a cache and without being on disk', async () => {
  const source = `import prettyBytes from 'pretty-bytes';\nexport const hello = () => prettyBytes(1);\n`;
  const site = makeSite({
    'package.json': JSON.stringify({ type: 'module', dependencies: { 'pretty-bytes': '7.0.0' } }),
    'index.js': source,
  });
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(site.layers, 'modules/node_modules/pretty-bytes/package.json'))).toBe(true);
  expect(lstatSync(join(site.layers, 'modules/node_modules/@openfunction/functions-framework')).isSymbolicLink()).toBe(
    true,
  );
  const written = readFileSync(join(site.layers, 'modules.toml'), 'utf8');

  const second = await rebuild(site, source.replace('(1)', '(2)'));
  expect(second.output).toContain(REUSED);
  expect(second.exitCode).toBe(0);
  expect(existsSync(join(site.layers, 'modules'))).toBe(false);
  expect(readFileSync(join(site.layers, 'modules.toml'), 'utf8')).toBe(written);

  const wrong = await rebuild(site, source, 'index.js', { FUNC_NAME: 'helo' });
  expect(wrong.output).toContain(`${AFTER_ALL}, to make sure of OFN-FUNC-NOT-FOUND`);
  expect(wrong.output).toContain('Did you mean "hello"?');
  expect(wrong.exitCode).toBe(1);
});

function messageOf({ output }: Phase): string {
  return output.slice(output.indexOf('ERROR'));
}

const PACKAGES = {
  dependencies: { 'is-odd': '3.0.1', semver: '7.7.2' },
  devDependencies: { 'is-string': '1.0.7' },
};
const COMMONJS = `const odd = require('is-odd');\nexports.hello = (req, res) => res.end(String(odd(3)));\n`;
const MODULE = `import { gt, // newer\n lt } from 'semver';\nimport 'semver/functions/eq.js';\nexport const hello = (req, res) => res.end(String(gt('2.0.0', '1.0.0') && lt));\n`;

const LOCK_1 = {
  lockfileVersion: 1,
  requires: true,
  dependencies: { 'pretty-bytes': { version: '7.0.0' } },
};

test.each<[string, Record<string, string>, string]>([
  [
    'a lock file of version 1',
    {
      'package.json': '{"dependencies": {"pretty-bytes": "7.0.0"}}',
      'package-lock.json': JSON.stringify(LOCK_1),
    },
    `const bytes = require('pretty-bytes');\nexports.hello = () => bytes.default(1);\n`,
  ],
  [
    'comments between the names of an import, and a path of a package',
    { 'package.json': JSON.stringify({ type: 'module', ...PACKAGES }) },
    MODULE,
  ],
  [
    'top-level await',
    { 'package.json': JSON.stringify({ type: 'module', ...PACKAGES }) },
    `${MODULE}await Promise.resolve();\n`,
  ],
  [
    'a package that need not be there, and is not',
    { 'package.json': JSON.stringify(PACKAGES) },
    `try {\n  require('no-such');\n} catch {}\n${COMMONJS}`,
  ],
])('%s: nothing is installed again', async (_, files, source) => {
  const site = makeSite({ ...files, 'index.js': source });
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await rebuild(site, `${source}// changed`);
  expect(output).toContain(REUSED);
  expect(output).not.toContain(AFTER_ALL);
  expect(exitCode).toBe(0);
});

test.each<[string, string, string, string]>([
  ['a devDependency', 'index.js', `require('is-string');\n${COMMONJS}`, 'OFN-FUNC-DEPENDENCY'],
  ['a package that is no dependency', 'index.js', `require('no-such');\n${COMMONJS}`, 'OFN-FUNC-DEPENDENCY'],
  ['a path that a package lacks', 'index.js', `require('is-odd/nope.js');\n${COMMONJS}`, 'OFN-FUNC-DEPENDENCY'],
  [
    'a value of a package that need not be there',
    'index.js',
    `let v;\ntry {\n  v = require('semver');\n} catch {}\nv?.nope();\n${COMMONJS}`,
    'OFN-FUNC-LOAD',
  ],
  [
    'a package that is looked for',
    'index.js',
    `try {\n  require.resolve('semver');\n  exports.hello = 1;\n} catch {\n${COMMONJS}}`,
    'OFN-FUNC-TYPE',
  ],
  ['a value of a package', 'index.js', `${COMMONJS}if (odd(3) >= 1) throw new Error();`, 'OFN-FUNC-LOAD'],
  ['an export that a package lacks', 'index.js', `${COMMONJS}exports.hello = odd.nope;`, 'OFN-FUNC-NOT-FOUND'],
  ['an export that a package makes', 'index.js', `${COMMONJS}exports.hello = odd(3);`, 'OFN-FUNC-TYPE'],
  ['an imported path that a package lacks', 'index.mjs', MODULE.replace('eq.js', 'nope.js'), 'OFN-FUNC-DEPENDENCY'],
  ['an imported name that a package lacks', 'index.mjs', MODULE.replace('gt,', 'gt, nope,'), 'OFN-FUNC-SYNTAX'],
])('%s fails a rebuild with the code of a first build', async (_, file, source, code) => {
  const files = { 'package.json': JSON.stringify(PACKAGES), 'index.js': COMMONJS, 'index.mjs': MODULE };
  const env = { ...HELLO, FUNC_SRC: file };
  const site = makeSite(files);
  expect(await site.build(env)).toMatchObject({ exitCode: 0 });
  const warm = await rebuild(site, source, file, env);
  const cold = await makeSite({ ...files, [file]: source }).build(env);
  expect(warm.output).toContain(AFTER_ALL);
  expect(messageOf(warm)).toBe(messageOf(cold));
  expect(warm.output).toContain(`ERROR [${code}]`);
  expect([warm.exitCode, cold.exitCode]).toEqual([1, 1]);
});

const READS = `const versions = require('semver');
exports.hello = (req, res) => res.end(String(versions.gt('2.0.0', '1.0.0')));
`;

test.each<[string, string, string]>([
  ['a test', `${READS}if (!versions.nope) delete exports.hello;`, 'OFN-FUNC-NOT-FOUND'],
  ['a call', `${READS}exports.next = versions.incc('1.0.0', 'major');`, 'OFN-FUNC-LOAD'],
  ['a name of its own', `${READS}exports.next = versions.a.b.c;`, 'OFN-FUNC-LOAD'],
  ['a class', `${READS}class Version extends versions.Base {}`, 'OFN-FUNC-LOAD'],
  ['another variable', `${READS}const same = { versions };\nsame.versions.incc('1.0.0');`, 'OFN-FUNC-LOAD'],
])('%s of a name that a package lacks fails a rebuild with the code of a first build', async (_, source, code) => {
  const files = { 'package.json': JSON.stringify(PACKAGES), 'index.js': READS };
  const site = makeSite(files);
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  const warm = await rebuild(site, source);
  const cold = await makeSite({ ...files, 'index.js': source }).build(HELLO);
  expect(warm.output).toContain(`${AFTER_ALL}, to look up "`);
  expect(messageOf(warm)).toBe(messageOf(cold));
  expect(warm.output).toContain(`ERROR [${code}]`);
  expect([warm.exitCode, cold.exitCode]).toEqual([1, 1]);
});

test.each([
  ['has', `${READS}exports.next = versions.inc('1.0.0', 'major');`, 'inc'],
  ['lacks', READS.replace('versions.gt(', '(versions.nope ?? versions.gt)('), 'nope'],
])('a name that a package %s is looked up once, and known then as after a first build', async (_, source, name) => {
  const files = { 'package.json': JSON.stringify(PACKAGES), 'index.js': READS };
  const site = makeSite(files);
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  const first = await rebuild(site, source);
  expect(first.output).toContain(`${AFTER_ALL}, to look up "${name}" in semver`);
  const second = await rebuild(site, `${source}// changed`);
  expect(second.output).not.toContain(AFTER_ALL);
  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  const cold = makeSite({ ...files, 'index.js': `${source}// changed` });
  expect(await cold.build(HELLO)).toMatchObject({ exitCode: 0 });
  const demandsIn = ({ layers }: Site) =>
    /^demands = \[[^\]]*/m.exec(readFileSync(join(layers, 'modules.toml'), 'utf8'))?.[0];
  expect(demandsIn(site)).toBe(demandsIn(cold));
  expect(demandsIn(site)).toContain(`require semver ${name}`);
});

test('a name that a package is known to lack is not there for its stand-in', async () => {
  const source = READS.replace('versions.gt(', '(versions.nope ?? versions.gt)(');
  const site = makeSite({ 'package.json': JSON.stringify(PACKAGES), 'index.js': source });
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await rebuild(site, `${source}versions.nope();`);
  expect(output).toContain(`${AFTER_ALL}, to make sure of OFN-FUNC-LOAD`);
  expect(exitCode).toBe(1);
});

test('a name that is not read any more is no reason to install', async () => {
  const site = makeSite({
    'package.json': JSON.stringify(PACKAGES),
    'index.js': `${READS}exports.next = versions.inc;`,
  });
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await rebuild(site, READS);
  expect(output).not.toContain(AFTER_ALL);
  expect(exitCode).toBe(0);
});

test('an import that is new is installed once, and then reused', async () => {
  const site = makeSite({ 'package.json': JSON.stringify(PACKAGES), 'index.js': COMMONJS });
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  const source = `require('semver');\n${COMMONJS}`;
  expect((await rebuild(site, source)).output).toContain(`${AFTER_ALL}, to make sure of OFN-FUNC-DEPENDENCY`);
  expect((await rebuild(site, source)).output).not.toContain(AFTER_ALL);
});

test('a value that only the packages know is asked of them', async () => {
  const site = makeSite({ 'package.json': JSON.stringify(PACKAGES), 'index.js': COMMONJS });
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await rebuild(site, `${COMMONJS}exports.is = odd(3) > 0;`);
  expect(output).toContain(`${AFTER_ALL}, because loading asks packages for a value`);
  expect(exitCode).toBe(0);
});
