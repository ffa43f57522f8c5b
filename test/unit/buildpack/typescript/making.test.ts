import { expect, test } from 'vitest';
import { readProject, readVariables } from '../../../../src/buildpack/project.ts';
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
  const place = making?.way.kind === 'script' ? making.way.folder : making?.way.tsconfig?.path;
  return making && `${value} (${place?.replace(appDir, '<app>')}): ${source}`;
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
