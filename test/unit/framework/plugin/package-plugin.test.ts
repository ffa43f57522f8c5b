import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPlugins } from '../../../../src/framework/plugin/load-plugins.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const duck = (name: string): string => `{ name: '${name}', execPreHook() {} }`;

const APP = {
  'plugins/audit.js': `exports.audit = ${duck('audit')};`,
  'plugins/broken.js': `throw new Error('boom');`,
  'node_modules/plain/index.js': `module.exports = class { name = 'plain'; execPostHook() {} };`,
  'node_modules/@acme/timing/package.json': '{"exports":{"import":"./esm.mjs"}}',
  'node_modules/@acme/timing/esm.mjs': `await null; export const timing = ${duck('timing')};`,
  'node_modules/several/index.js': `exports.a = ${duck('first')}; exports.b = ${duck('several')};`,
  'node_modules/audit/index.js': `throw new Error('the one of the folder goes first');`,
  'node_modules/other/index.js': `module.exports = 5;`,
  'node_modules/throwing/index.js': `throw new Error('no licence');`,
  'node_modules/incomplete/index.mjs': `import 'left-out';`,
  'node_modules/incomplete/package.json': '{"main":"index.mjs"}',
};

/** Loads the plugins of an app. */
async function load(wanted: readonly string[], folder = makeFolder(APP)) {
  const log = { warn() {}, error() {} };
  const from = { folder: join(folder, 'plugins'), isNamed: false, modulePath: join(folder, 'src/index.js') };
  return loadPlugins({ ...from, wanted, log });
}

test('listed plugins that the folder has not come from packages, under the name they are listed by', async () => {
  const plugins = await load(['plain', 'audit', '@acme/timing', 'several']);
  expect([...plugins].map(([name, { plugin }]) => [name, plugin.name])).toEqual([
    ['audit', 'audit'],
    ['plain', 'plain'],
    ['@acme/timing', 'timing'],
    ['several', 'several'],
  ]);
});

test.each(['audt', 'nobody', 'other', 'throwing', 'incomplete', 'broken'])(
  'the start ends where the listed plugin %s is not there',
  async (name) => {
    const folder = makeFolder(APP);
    expect(await failureOf(() => load([name], folder), { app: folder })).toMatchSnapshot();
  },
);
