import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { RunnerClient } from '../../support/apisix/client.ts';
import { expectPrinted } from '../../support/server-process.ts';
import { start } from '../../support/process.ts';
import { makeFolder } from '../../support/workspace.ts';

const TYPE = { FUNC_TYPE: 'apisix' };

test('a folder of plugins becomes a runner, with the plugins in it and those that every runner has', async () => {
  const site = makeSite('apisix-plugin');
  expect((await site.detect(TYPE)).exitCode).toBe(0);
  const { exitCode, output } = await site.build(TYPE);
  expect({ exitCode, output }).toEqual({
    exitCode: 0,
    output: expect.stringContaining('boots, apisix signature, <app>'),
  });
  const launch = readFileSync(join(site.layers, 'launch.toml'), 'utf8');
  expect(launch).toContain('{"name":"quota","signatureType":"apisix"}');
  const address = join(site.layers, 'function/env.launch/APISIX_LISTEN_ADDRESS.default');
  expect(readFileSync(address, 'utf8')).toBe('unix:/run/apisix/runner.sock');

  const socket = join(makeFolder(), 'runner.sock');
  const env = { APISIX_LISTEN_ADDRESS: `unix:${socket}` };
  const child = start('node', [join(site.layers, 'function/main.mjs'), '--log-level', 'debug'], env);
  await expectPrinted(child, 'listening to');
  const client = await RunnerClient.connect(socket);
  const quota = await client.request(await client.prepare([['quota', '{"limit": 5}']]), {}, { vars: {} });
  expect(quota.message).toEqual({ id: 7, rewrite: { resp_headers: [['x-quota-left', '4']] } });
  const say = await client.request(await client.prepare([['say', '{"body": "hello"}']]));
  expect(say.message).toMatchObject({ stop: { body: 'hello' } });
  child.kill('SIGTERM');
  expect((await child.ended).exitCode).toBe(0);
});

test('the runner is in images of plugins alone', async () => {
  const site = makeSite('hello-esm');
  expect((await site.build({ FUNC_NAME: 'hello' })).exitCode).toBe(0);
  const framework = join(site.layers, 'framework/node_modules/@openfunction/functions-framework/build');
  expect([existsSync(join(framework, 'serve')), existsSync(join(framework, 'runner'))]).toEqual([true, false]);
});

test('plugins that the runner would not start with fail the build', async () => {
  const site = makeSite({ 'package.json': '{"type": "module"}', 'quota.js': 'export const quota = 1;' });
  const { exitCode, output } = await site.build(TYPE);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: expect.stringContaining('OFN-APISIX-PLUGIN') });
  expect(output).toContain("Couldn't load plugins from <app>/quota.js: it exports no plugin.");
});
