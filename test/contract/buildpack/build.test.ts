import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeToml } from '../../../src/libcnb/toml-file.ts';
import { makeSite, withoutCounts } from '../../support/buildpack.ts';

const HELLO = { FUNC_NAME: 'hello' };

test.each(['hello-commonjs', 'hello-esm', 'hello-typescript'])('%s becomes layers', async (sample) => {
  const site = makeSite(sample);
  expect(await site.detect(HELLO)).toEqual({ exitCode: 0, output: '' });
  const { exitCode, output } = await site.build(HELLO);
  expect(withoutCounts(output)).toMatchSnapshot('output');
  expect(exitCode).toBe(0);
  const launch = decodeToml(readFileSync(join(site.layers, 'launch.toml'), 'utf8'), 'launch.toml');
  expect(launch['processes']).toEqual([
    { type: 'web', command: ['node', join(site.layers, 'function/main.mjs')], default: true },
  ]);
  const rendered = readFileSync(join(site.layers, 'function/main.mjs'), 'utf8');
  expect(rendered.replaceAll(site.app, '<app>').replaceAll(site.layers, '<layers>')).toMatchSnapshot('main');
  expect(readFileSync(join(site.layers, 'function/env.launch/FUNCTION_TARGET.default'), 'utf8')).toBe('hello');
  const labels = launch['labels'] as { key: string; value: string }[];
  const manifest = JSON.parse(labels.find(({ key }) => key === 'io.openfunction.function')?.value ?? '{}');
  expect(manifest).toMatchObject({
    functions: [{ name: 'hello', signatureType: 'http' }],
    exports: ['hello'],
    runtime: { node: '24.21.0' },
  });
  expect(JSON.parse(readFileSync(join(site.layers, 'function/manifest.json'), 'utf8'))).toEqual(manifest);
  expect(readlinkSync(join(site.app, 'node_modules'))).toBe(join(site.layers, 'framework/node_modules'));
});

test('an app without a function is not for this buildpack', async () => {
  const { exitCode, output } = await makeSite({ 'index.js': '' }).detect();
  expect(exitCode).toBe(100);
  expect(output).toMatch(/^No function is named: set FUNC_NAME/);
});

test('the function can import the framework that serves it', async () => {
  const site = makeSite({
    'index.mjs': `import { http } from '@openfunction/functions-framework';\nhttp('hello', (req, res) => res.end());\n`,
  });
  expect(await site.build(HELLO)).toMatchObject({ exitCode: 0 });
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['a wrong FUNC_NAME', { 'index.js': 'exports.hello = () => {};' }, { FUNC_NAME: 'helo' }],
  ['a syntax error', { 'index.mjs': 'export const hello = () => {\n  return (;\n};' }, HELLO],
  ['an export that is no function', { 'index.js': 'exports.hello = "text";' }, HELLO],
  [
    'a declaration with its options before the handler',
    { 'index.js': `require('@google-cloud/functions-framework').http('hello', { path: '/hello' }, () => {});` },
    HELLO,
  ],
  ['a missing package', { 'index.js': `const express = require('express');\nexports.hello = express();` }, HELLO],
  ['a broken package.json', { 'package.json': '{ "name": }', 'index.js': '' }, HELLO],
  [
    'a dependency that no registry has',
    { 'package.json': '{"dependencies": {"@openfunction/no-such-package": "1.0.0"}}', 'index.js': '' },
    HELLO,
  ],
  ['a module that exits', { 'index.js': 'console.log("bye"); process.exit(3);' }, HELLO],
  ['a module that throws', { 'index.js': 'throw new Error("no DATABASE_URL");' }, HELLO],
  ['a folder without a module', { 'package.json': '{}' }, HELLO],
  ['a version of Node.js that is too old', { 'package.json': '{"engines": {"node": "20"}}', 'index.js': '' }, HELLO],
])('%s fails the build and says what to do', async (_, files, env) => {
  const site = makeSite(files);
  const { exitCode, output } = await site.build(env);
  expect(exitCode).toBe(1);
  const message = output.slice(output.indexOf('ERROR'));
  // npm tells the registry's address, the time in its log's name and, since some versions, more hints.
  expect(
    message.replaceAll(/(?:npm error|npm warn).*\n/g, (line) => (line.includes('code') ? line : '')),
  ).toMatchSnapshot();
});

test('history and npm settings are used and then left out of the image, .env stays', async () => {
  const site = makeSite({
    '.env': 'A=1',
    '.git/HEAD': 'ref: refs/heads/main',
    '.npmrc': 'registry=http://127.0.0.1:9/\nfetch-retries=0',
    'index.js': 'exports.hello = () => {};',
    'package.json': '{"dependencies": {"semver": "7.7.2"}}',
  });
  expect((await site.build(HELLO)).output).toContain('OFN-DEPS-NETWORK');
  writeFileSync(join(site.app, '.npmrc'), 'fund=false');
  const { exitCode, output } = await site.build(HELLO);
  expect(output).toContain('Left out of the image: .git, .npmrc');
  expect(exitCode).toBe(0);
  expect(readdirSync(site.app).toSorted()).toEqual(['.env', 'index.js', 'node_modules', 'package.json']);
});

test('a check that is off is said, and builds', async () => {
  const site = makeSite({ 'index.js': 'throw new Error("no DATABASE_URL");' });
  const { exitCode, output } = await site.build({ ...HELLO, BP_FUNCTION_CHECK: 'off' });
  expect(output).toContain('WARNING: The function was not booted, because BP_FUNCTION_CHECK says so.');
  expect(exitCode).toBe(0);
});

test('the manifest has every function with its path, and what func.toml says of components', async () => {
  const site = makeSite({
    'func.toml': '[openfunction]\nname = "orders,audit"\n[inputs.created]\ncomponent = "shop"\ntopic = "orders"\n',
    'index.mjs': `import { http, cloudEvent } from '@openfunction/functions-framework';
http('orders', (req, res) => res.end(), { path: '/orders/:id', methods: ['GET'] });
cloudEvent('audit', () => {});
export const other = 1;
`,
  });
  expect(await site.build()).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(readFileSync(join(site.layers, 'function/manifest.json'), 'utf8'))).toMatchObject({
    schemaVersion: 1,
    functions: [
      { name: 'orders', signatureType: 'http', path: '/orders/:id', methods: ['GET'] },
      { name: 'audit', signatureType: 'cloudevent' },
    ],
    exports: ['other'],
    inputs: [{ name: 'created', component: 'shop', topic: 'orders' }],
    outputs: [],
  });
});
