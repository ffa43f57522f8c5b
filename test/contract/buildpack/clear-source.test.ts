import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { answerOf, json } from '../../support/shape.ts';

const CLEAR = { FUNC_NAME: 'hello', FUNC_CLEAR_SOURCE: 'true' };

/** A function that a script compiles into dist, with a plugin that is served as it is written. */
const COMPILED = {
  'package.json': json({ main: 'dist/index.js', scripts: { build: 'node compile.ts' } }),
  'compile.ts':
    "import { cpSync, writeFileSync } from 'node:fs';\ncpSync('src/lib.js', 'dist/lib.js');\nwriteFileSync('dist/index.js', `exports.hello = (req, res) => res.end(require('./lib.js') + '');`);\nwriteFileSync('dist/index.js.map', '{}');\n",
  'src/index.ts':
    'export const hello = (req: object, res: { end(text: string): void }): void => res.end("compiled");\n',
  'src/lib.js': "module.exports = 'compiled';\n",
  'dist/types.d.ts': 'export {};\n',
  'plugins/mine.ts': 'export default class Mine { static Name = "mine"; static Version = "v1"; }\n',
  'views/index.html': '<p>',
};

const filesOf = ({ app }: Site): string[] =>
  globSync('**', { cwd: app, withFileTypes: true, exclude: ['node_modules'] })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(app.length + 1))
    .toSorted();

test('a function that was compiled is in the image without its sources', async () => {
  const site = makeSite(COMPILED);
  const { exitCode, output } = await site.build({ ...CLEAR, BP_NODE_RUN_SCRIPTS: 'build' });
  expect(output).toContain('Sources left out of the image: compile.ts, dist/types.d.ts, src\n');
  expect(exitCode).toBe(0);
  expect(filesOf(site)).toEqual([
    'dist/index.js',
    'dist/index.js.map',
    'dist/lib.js',
    'package.json',
    'plugins/mine.ts',
    'views/index.html',
  ]);
  expect(await answerOf(site)).toBe('compiled');
});

test('without the setting they stay', async () => {
  const site = makeSite(COMPILED);
  await site.build({ FUNC_NAME: 'hello', BP_NODE_RUN_SCRIPTS: 'build' });
  expect(existsSync(join(site.app, 'src/index.ts'))).toBe(true);
});

test('what was compiled has to stand alone', async () => {
  const site = makeSite({
    'package.json': json({ main: 'dist/index.js' }),
    'dist/index.js': "exports.hello = require('../src/lib.js');\n",
    'src/lib.js': 'module.exports = () => {};\n',
  });
  const { exitCode, output } = await site.build(CLEAR);
  expect(output).toContain('Sources left out of the image: src\n');
  expect(output).toContain('OFN-FUNC-DEPENDENCY');
  expect(exitCode).toBe(1);
});

const HELLO = 'exports.hello = (req, res) => res.end();\n';

test.each<[string, Record<string, string>, Record<string, string>, string]>([
  ['TypeScript', { 'index.ts': 'export const hello = (): void => {};\n' }, {}, 'is served from index.ts'],
  ['a folder src', { 'package.json': json({ main: 'src/index.js' }), 'src/index.js': HELLO }, {}, 'src/index.js'],
  ['the root', { 'index.js': HELLO, 'src/lib.js': '' }, {}, 'is served from index.js'],
  [
    'nobody knows where',
    { 'package.json': json({ main: 'dist/index.js' }), 'dist/index.js': HELLO, 'src/index.ts': '' },
    { BP_FUNCTION_CHECK: 'off' },
    'BP_FUNCTION_CHECK leaves it open what the function needs',
  ],
])('a function that is served from %s keeps its sources, and the build says why', async (_, files, env, why) => {
  const site = makeSite(files);
  const { exitCode, output } = await site.build({ ...CLEAR, ...env });
  expect(output).toContain('WARNING: FUNC_CLEAR_SOURCE removes nothing: ');
  expect(output).toContain(why);
  expect(exitCode).toBe(0);
  expect(filesOf(site)).toEqual(Object.keys(files).toSorted());
});
