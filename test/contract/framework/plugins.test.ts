import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/artefact.ts';
import { runFunction } from '../../support/functions-framework.ts';
import { makeFolder } from '../../support/workspace.ts';

const FUNCTION = 'exports.hello = (ctx, data) => data;';
const PLUGIN = `exports.a = { name: 'a', execPostHook(ctx) { ctx.result = 'hooked'; } };`;
const ARGS = ['--target=hello', '--signature-type=openfunction'];

/** Tells of each file that is loaded. */
const TELLING = `--import=data:text/javascript,${encodeURIComponent(`import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });`)}`;

/** The framework's own files that a function loads, until it is served and has answered. */
async function filesOf(files: Record<string, string>, args: readonly string[]): Promise<string[]> {
  const folder = makeFolder(files);
  const { call, child } = await runFunction({ folder }, args, { NODE_OPTIONS: TELLING });
  expect((await call({ method: 'POST' })).status).toBeLessThan(300);
  const text = await child.printed('URL: ');
  const urls = text.split('\n').filter((line) => line.startsWith(pathToFileURL(join(ROOT, 'build')).href));
  return [...new Set(urls)].map((url) => fileURLToPath(url));
}

const isOfPlugins = (path: string): boolean => readFileSync(path, 'utf8').includes('Failed to invoke');

test.each([
  ['openfunction', FUNCTION],
  ['http', 'exports.hello = (req, res) => res.end();'],
])('without plugins a function of %s loads nothing of them', async (type, source) => {
  const args = ['--target=hello', `--signature-type=${type}`];
  const without = await filesOf({ 'index.js': source }, args);
  expect(without).toContain(join(ROOT, 'build/serve/index.js'));
  expect(without.filter(isOfPlugins)).toEqual([]);
  const beside = await filesOf({ 'index.js': source, 'plugins/a.js': PLUGIN }, args);
  expect(beside.filter(isOfPlugins)).toHaveLength(1);
});

test.each([
  ['CommonJS', 'plugins/a.cjs', `const { Plugin } = require('@openfunction/functions-framework');`],
  ['an ES module', 'plugins/a.mjs', `import { Plugin } from '@openfunction/functions-framework';`],
  ['TypeScript', 'plugins/a.mts', `import { Plugin } from '@openfunction/functions-framework'; const n: number = 1;`],
])('a plugin in %s extends the class of the copy that serves, whichever is installed', async (_, path, head) => {
  const body = `class A extends Plugin {
    constructor() { super('a', 'v1'); }
    async execPostHook(ctx, plugins) { ctx.result = [plugins.a === this, this.get('version')]; }
  }`;
  const text = `${head} ${path.endsWith('.cjs') ? 'exports.A =' : 'export'} ${body}`;
  const other = `module.exports = { Plugin: class { constructor() { throw new Error('another copy'); } } };`;
  const folder = makeFolder({
    'index.js': FUNCTION,
    [path]: text,
    'node_modules/@openfunction/functions-framework/index.js': other,
  });
  const { call } = await runFunction({ folder }, ARGS);
  expect((await call()).body).toBe('[true,"v1"]');
});

test('plugins come from packages, and init of the plugins from before that of the function', async () => {
  const folder = makeFolder({
    'index.js': `exports.init = () => { globalThis.order.push('function'); }; exports.hello = () => globalThis.order;`,
    'node_modules/@acme/audit/package.json': '{"exports":{"import":"./audit.mjs"}}',
    'node_modules/@acme/audit/audit.mjs': `export default {
      name: 'audit', init() { globalThis.order = ['plugin']; }, execPreHook() { globalThis.order.push('hook'); },
    };`,
  });
  const context = JSON.stringify({ name: 'fn', runtime: 'Knative', prePlugins: ['@acme/audit'] });
  const { call } = await runFunction({ folder }, ARGS, { FUNC_CONTEXT: context });
  expect((await call()).body).toBe('["plugin","function","hook"]');
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['a listed plugin that is not there', { FUNC_CONTEXT: '{"name":"fn","prePlugins":["b"]}' }, {}],
  ['a folder that is not there', { FUNC_PLUGINS_DIR: '/nowhere' }, {}],
  [
    'an init that fails',
    {},
    { 'plugins/b.js': `exports.b = { name: 'b', init() { throw new Error('no database'); }, execPreHook() {} };` },
  ],
])('%s ends the start with 1', async (_, env, files) => {
  const folder = makeFolder({ 'index.js': FUNCTION, 'plugins/a.js': PLUGIN, ...files });
  const { child, printed } = await runFunction({ folder }, ARGS, env);
  expect((await child.ended).exitCode).toBe(1);
  expect(printed.replaceAll('<app>//', '<app>/')).toMatchSnapshot();
});
