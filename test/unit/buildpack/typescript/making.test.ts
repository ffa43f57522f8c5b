import { expect, test } from 'vitest';
import { readProject, readVariables } from '../../../../src/buildpack/project/project.ts';
import { findMaking, makingDecision } from '../../../../src/buildpack/typescript/making.ts';
import { json } from '../../../support/shape.ts';
import { makeFolder } from '../../../support/workspace.ts';

type Files = Readonly<Record<string, string>>;

/** What would be made of a project, and why, as `ofn explain` tells it. */
async function madeOf(files: Files, env: Files = {}): Promise<string | undefined> {
  const appDir = makeFolder(files);
  const variables = { FUNC_NAME: 'hello', ...env };
  const project = await readProject(appDir, await readVariables({ appDir, env: variables, userEnv: variables }));
  const making = await findMaking({ appDir, ...project });
  const { value, source } = makingDecision(project.sources, making);
  const places = [...(making?.scripts?.folders ?? []), ...(making?.compiler ? [making.compiler.tsconfig?.path] : [])];
  const shown = places.map((place) => String(place?.replace(appDir, '<app>'))).join(', ');
  return making && `${value} (${shown}): ${source}`;
}

const manifest = (more: object): Files => ({ 'package.json': json(more) });
const COMPILER = { devDependencies: { typescript: '7.0.2' } };
const SCRIPT = { scripts: { build: 'tsc' } };
const OUT = { 'tsconfig.json': json({ compilerOptions: { outDir: 'dist' } }) };

test.each<[string, Files, string]>([
  [
    'main that is missing, and a script',
    manifest({ main: 'dist/a.js', ...SCRIPT }),
    'made by the script "build" (<app>): "main" of package.json names dist/a.js, which is not there',
  ],
  [
    'main without its suffix, and a compiler',
    { ...manifest({ main: './dist/a', ...COMPILER }), ...OUT },
    'compiled (<app>/tsconfig.json): "main" of package.json names dist/a, which is not there',
  ],
  [
    'exports that are missing',
    manifest({ exports: { '.': { types: './a.d.ts', default: './lib/a.js' } }, ...SCRIPT }),
    'made by the script "build" (<app>): "exports" of package.json names lib/a.js, which is not there',
  ],
  [
    'main that is output',
    { ...manifest({ main: 'dist/a.js', ...SCRIPT, ...COMPILER }), ...OUT, 'dist/a.js': '' },
    'made by the script "build" (<app>): dist/a.js is made of TypeScript',
  ],
  [
    'output that nobody names',
    { ...manifest(COMPILER), ...OUT, 'dist/index.js': '', 'src/index.ts': '' },
    'compiled (<app>/tsconfig.json): dist/index.js is made of TypeScript',
  ],
  [
    'JavaScript beside TypeScript of its name',
    { ...manifest(COMPILER), 'tsconfig.json': '{}', 'index.js': '', 'index.ts': '' },
    'compiled (<app>/tsconfig.json): index.js is made of TypeScript',
  ],
  [
    'TypeScript that is not erasable, and no tsconfig.json',
    { ...manifest(COMPILER), 'src/index.ts': "import './a.js';", 'src/a.ts': '' },
    'compiled (undefined): src/index.ts imports "./a.js", which a compiler makes of a.ts',
  ],
])('%s', async (_, files, made) => {
  expect(await madeOf(files)).toBe(made);
});

test('a file that FUNC_SRC names', async () => {
  expect(await madeOf(manifest(SCRIPT), { FUNC_SRC: 'out/a.js' })).toBe(
    'made by the script "build" (<app>): FUNC_SRC names out/a.js, which is not there',
  );
});

test('of the scripts of a monorepo its own', async () => {
  const fn = { 'packages/fn/package.json': json({ main: 'dist/index.js', ...SCRIPT }) };
  const env = { FUNC_SRC: 'packages/fn' };
  expect(await madeOf({ ...manifest(SCRIPT), ...fn }, env)).toContain('"build" (<app>)');
  expect(await madeOf({ ...manifest({}), ...fn }, env)).toContain('"build" (<app>/packages/fn)');
});

const PLUGINS = { FUNC_NAME: '', FUNC_TYPE: 'apisix' };

test.each<[string, Files, Files, string | undefined]>([
  [
    'plugins that are missing, and a script',
    manifest(SCRIPT),
    { FUNC_SRC: 'dist' },
    'made by the script "build" (<app>): FUNC_SRC names dist, which is not there',
  ],
  [
    'a folder without a module, and a compiler',
    { ...manifest(COMPILER), ...OUT, 'dist/package.json': '{}' },
    { FUNC_SRC: 'dist' },
    'compiled (<app>/tsconfig.json): FUNC_SRC names dist, which has no module',
  ],
  [
    'plugins that are output',
    { ...manifest({ ...SCRIPT, ...COMPILER }), ...OUT, 'dist/a.js': '', 'dist/b/index.js': '' },
    { FUNC_SRC: 'dist' },
    'made by the script "build" (<app>): dist/a.js is made of TypeScript',
  ],
  [
    'plugins beside TypeScript of their names',
    { ...manifest(COMPILER), 'tsconfig.json': '{}', 'a.js': '', 'a.ts': '', 'b.js': '' },
    {},
    'compiled (<app>/tsconfig.json): a.js is made of TypeScript',
  ],
  [
    'one of several plugins that is not erasable',
    { ...manifest(COMPILER), ...OUT, 'a.ts': '', 'b/index.ts': "import '../c.js';", 'c.ts': '', 'c.test.ts': '@' },
    {},
    'compiled (<app>/tsconfig.json): b/index.ts imports "../c.js", which a compiler makes of c.ts',
  ],
  [
    'one module, with a tsconfig.json of its own',
    { ...manifest(COMPILER), 'src/tsconfig.json': '{}', 'src/a.ts': 'enum A {}' },
    { FUNC_SRC: 'src/a.ts' },
    "compiled (<app>/src/tsconfig.json): src/a.ts has syntax that Node.js can't strip (TypeScript enum is not supported in strip-only mode)",
  ],
  ['tests that are not erasable', { ...manifest(COMPILER), 'a.ts': '', 'a.test.ts': 'enum A {}' }, {}, undefined],
  ['JavaScript', { ...manifest({ ...COMPILER, ...SCRIPT }), ...OUT, 'a.js': '' }, {}, undefined],
  ['no module in the root', { ...manifest({ ...SCRIPT, main: 'dist/a.js' }), ...OUT }, {}, undefined],
])('plugins: %s', async (_, files, env, made) => {
  expect(await madeOf(files, { ...PLUGINS, ...env })).toBe(made);
});

/** A function that depends on b, and b on c, of which neither is made. */
const SIBLINGS = {
  ...manifest({ workspaces: ['*'] }),
  'fn/package.json': json({ name: 'fn', dependencies: { b: '*', made: '*' } }),
  'fn/index.js': '',
  'b/package.json': json({ name: 'b', main: 'dist/b', devDependencies: { c: '*' }, ...SCRIPT }),
  'c/package.json': json({ name: 'c', exports: './dist/c.js', dependencies: { b: '*' }, ...SCRIPT }),
  'made/package.json': json({ name: 'made', main: 'a.js', devDependencies: { unused: '*' }, ...SCRIPT }),
  'made/a.js': '',
  'unused/package.json': json({ name: 'unused', main: 'dist/a.js', ...SCRIPT }),
};
const IN_FN = { FUNC_SRC: 'fn' };

test('what a function needs of other packages is made, that on which others depend first', async () => {
  expect(await madeOf(SIBLINGS, IN_FN)).toBe(
    'made by the script "build" (<app>/c, <app>/b): c names c/dist/c.js, which is not there',
  );
  expect(await madeOf({ ...SIBLINGS, ...manifest({ workspaces: ['*'], ...SCRIPT }) }, IN_FN)).toContain('(<app>)');
  const separate = { ...SIBLINGS, ...manifest({}) };
  expect(await madeOf(separate, IN_FN)).toBeUndefined();
  expect(await madeOf({ ...separate, 'pnpm-workspace.yaml': 'packages: ["*"]' }, IN_FN)).toContain(
    '(<app>/c, <app>/b)',
  );
});

test('and before the function itself', async () => {
  const compiled = { ...SIBLINGS, 'fn/tsconfig.json': '{}', 'fn/src/index.ts': 'enum A {}' };
  const { 'fn/index.js': _, ...files } = compiled;
  const fn = (more: object): Files => ({ 'fn/package.json': json({ name: 'fn', dependencies: { c: '*' }, ...more }) });
  expect(await madeOf({ ...files, ...fn(COMPILER) }, IN_FN)).toContain(
    'made by the script "build", compiled (<app>/b, <app>/c, <app>/fn/tsconfig.json): b names b/dist/b, which is not there; fn/src/index.ts has',
  );
  expect(await madeOf({ ...files, ...fn({ main: 'dist/index.js', ...SCRIPT }) }, IN_FN)).toContain(
    '(<app>/b, <app>/c, <app>/fn)',
  );
});

const MISSING = manifest({ main: 'dist/a.js', ...SCRIPT });

test.each<[string, Files, Files]>([
  ['JavaScript that is there', { ...manifest({ ...SCRIPT, ...COMPILER }), ...OUT, 'index.js': '' }, {}],
  [
    'JavaScript in the folder of output, and no compiler',
    { ...manifest({ main: 'dist/a.js' }), ...OUT, 'dist/a.js': '' },
    {},
  ],
  ['nothing that is named', manifest(SCRIPT), {}],
  ['neither script nor compiler', manifest({ main: 'dist/a.js' }), {}],
  ['erasable TypeScript', { ...manifest(COMPILER), 'index.ts': 'const a: number = 1;' }, {}],
  ['TypeScript that is not erasable, and no compiler', { ...manifest({}), 'index.ts': 'enum A {}' }, {}],
  ['no package.json', { 'index.ts': 'enum A {}' }, {}],
  ['BP_TYPESCRIPT=off', MISSING, { BP_TYPESCRIPT: 'off' }],
  ['scripts that the user names', MISSING, { BP_NODE_RUN_SCRIPTS: 'build' }],
  ['node_modules of the app', MISSING, { BP_VENDORED_MODULES: 'on' }],
])('%s: nothing is made', async (_, files, env) => {
  expect(await madeOf(files, env)).toBeUndefined();
});
