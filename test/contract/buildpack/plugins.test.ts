import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite, withoutCounts } from '../../support/buildpack.ts';

const HELLO = { FUNC_NAME: 'hello' };
const SOURCE = { 'package.json': '{"main":"dist/index.js"}', 'dist/index.js': 'exports.hello = () => {};' };

test('a build tells of plugins that do not load, and initialises none', async () => {
  const site = makeSite({
    ...SOURCE,
    'plugins/bad.js': `throw new Error('boom');`,
    'plugins/good.js': `exports.good = { name: 'good', init() { throw new Error('no database at build'); }, execPreHook() {} };`,
    'plugins/none.js': `exports.none = 1;`,
  });
  const { exitCode, output } = await site.build(HELLO);
  expect(exitCode).toBe(0);
  expect(withoutCounts(output).replaceAll(/\n +at .*/g, '')).toMatchSnapshot();
});

test('an image knows the folder of plugins of its source, wherever the module is', async () => {
  const site = makeSite({ ...SOURCE, 'plugins/a.js': `exports.a = { name: 'a', execPreHook() {} };` });
  const { exitCode, output } = await site.build(HELLO);
  expect([exitCode, output.includes('WARNING')]).toEqual([0, false]);
  const variable = join(site.layers, 'function/env.launch/FUNC_PLUGINS_DIR.default');
  expect(readFileSync(variable, 'utf8')).toBe(join(site.app, 'plugins'));
  const without = makeSite(SOURCE);
  await without.build(HELLO);
  expect(existsSync(join(without.layers, 'function/env.launch/FUNC_PLUGINS_DIR.default'))).toBe(false);
});
