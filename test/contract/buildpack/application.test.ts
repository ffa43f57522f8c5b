import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { start } from '../../support/process.ts';
import { expectPrinted } from '../../support/server-process.ts';
import { makeSite, type Site } from '../../support/buildpack.ts';

const launchOf = ({ layers }: Site): string =>
  readFileSync(join(layers, 'launch.toml'), 'utf8')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(`"--import", "${join(layers, 'application/start.mjs')}", `, '');

const SERVER = { 'server.js': 'require("node:http").createServer((req, res) => res.end()).listen(8080);' };

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['FUNC_ENTRYPOINT', { Procfile: 'web: node other.js\n' }, { FUNC_ENTRYPOINT: 'node server.js' }],
  ['a Procfile', { Procfile: 'worker: node worker.js\nweb: node server.js\n' }, {}],
  ['the script start', { 'package.json': '{"scripts": {"start": "node server.js"}}' }, {}],
  ['the key entrypoint', { 'func.toml': '[openfunction]\nentrypoint = "node server.js"\n' }, {}],
])('an application without a function, by %s, is built', async (_, files, env) => {
  const site = makeSite({ ...SERVER, ...files });
  expect(await site.detect(env)).toMatchObject({ exitCode: 0 });
  const { exitCode, output } = await site.build(env);
  expect(output).toContain('Application, for no function is named: node server.js');
  expect(exitCode).toBe(0);
  expect(launchOf(site)).toContain('type = "web" command = [ "node", "server.js" ] default = true');
  expect(readFileSync(join(site.layers, 'application/env.launch/PORT.default'), 'utf8')).toBe('8080');
});

test('its dependencies are installed', async () => {
  const manifest = { scripts: { start: 'semver 1.0.0' }, dependencies: { semver: '7.7.2' } };
  const site = makeSite({ 'package.json': JSON.stringify(manifest) });
  expect(await site.build()).toMatchObject({ exitCode: 0 });
  expect(launchOf(site)).toContain('command = [ "node", "node_modules/.bin/semver", "1.0.0" ]');
  expect(existsSync(join(site.app, 'node_modules/.bin/semver'))).toBe(true);
});

test.each<[string, Record<string, string>, string]>([
  ['a Procfile without web', { Procfile: 'worker: node worker.js\n' }, 'it has no process "web"'],
  ['a command for a shell', { Procfile: 'web: node a.js & node b.js\n' }, 'it needs a shell, and the image has none'],
])('%s is refused', async (_, files, fault) => {
  const { exitCode, output } = await makeSite({ ...SERVER, ...files }).build();
  expect(output).toContain(fault);
  expect(exitCode).toBe(1);
});

test('with native modules of one Node.js it refuses another, which a rebase may bring', async () => {
  // What V8's functions are called is all that a module of its interface is known by.
  const site = makeSite({ ...SERVER, 'addon.node': '_ZN2v87Isolate', Procfile: 'web: node server.js' });
  expect(await site.build()).toMatchObject({ exitCode: 0 });
  const guard = join(site.layers, 'application/start.mjs');
  expect(launchOf(site)).toContain('key = "io.openfunction.node.abi" value = "137"');
  expect(await execa('node', ['--import', guard, '--eval', ''])).toMatchObject({ exitCode: 0 });
  writeFileSync(guard, readFileSync(guard, 'utf8').replace('"137"', '"127"'));
  const { exitCode, stderr } = await execa('node', ['--import', guard, '--eval', ''], { reject: false });
  expect(stderr).toMatch(/^ERROR \[OFN-NODE-ABI\] .* addon\.node was compiled for the module ABI 127/);
  expect(exitCode).toBe(1);
});

test.each<[string, string, number]>([
  ['without a handler ends by the signal', '', 143],
  ['with a handler ends as that says', "process.on('SIGTERM', () => setTimeout(() => process.exit(7), 50));", 7],
])('an application that is process 1 and %s', async (_, more, code) => {
  const ready = "console.log('ready'); setInterval(() => {}, 1000);";
  const site = makeSite({ 'server.js': `${more}\n${ready}`, Procfile: 'web: node server.js' });
  expect(await site.build()).toMatchObject({ exitCode: 0 });
  const first = join(site.layers, 'application/start.mjs');
  // What is forked first after unshare is process 1 of the new namespace.
  const args = ['--pid', '--fork', '--kill-child', 'node', '--import', first, join(site.app, 'server.js')];
  const running = start('unshare', args, { PATH: process.env['PATH'] ?? '' });
  await expectPrinted(running, 'ready');
  const children = readFileSync(`/proc/${running.pid}/task/${running.pid}/children`, 'utf8');
  process.kill(Number(children), 'SIGTERM');
  expect(await running.ended).toMatchObject({ exitCode: code });
});

const NEST = {
  'package.json': JSON.stringify({
    scripts: { build: 'node make.js', start: 'node dist/main' },
    dependencies: {},
    devDependencies: { mkdirp: '3.0.1' },
  }),
  'make.js': "require('fs').mkdirSync('dist'); require('fs').writeFileSync('dist/main.js', 'made');",
};

test('what an application starts with is made by the script build, where it is not there', async () => {
  const site = makeSite(NEST);
  const { exitCode, output } = await site.build();
  expect(output).toContain(
    'Build script: build, because "start" in scripts of package.json names dist/main, which is not there',
  );
  expect(exitCode).toBe(0);
  expect(readFileSync(join(site.app, 'dist/main.js'), 'utf8')).toBe('made');
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['nothing makes', { 'package.json': '{"scripts": {"start": "node --no-warnings dist/main.js"}}' }, {}],
  ['a Procfile names', { Procfile: 'web: node dist/main.js' }, {}],
])('what is missing, and %s, is told by the build', async (_, files, env) => {
  const { exitCode, output } = await makeSite(files).build(env);
  expect(output).toContain('there is no dist/main.js, and nothing of the build has made it');
  expect(exitCode).toBe(1);
});

test('a function wins over all of it', async () => {
  const site = makeSite({
    'index.js': 'exports.hello = (req, res) => res.end();',
    Procfile: 'web: node server.js\n',
  });
  const { output } = await site.build({ FUNC_NAME: 'hello' });
  expect(output).toContain('Function "hello" (from FUNC_NAME)');
  expect(launchOf(site)).toContain('/function/main.mjs');
});

test('an application in a folder starts there', async () => {
  const site = makeSite({
    'packages/api/package.json': '{"scripts": {"start": "node server.js"}}',
    'packages/api/server.js': SERVER['server.js'],
  });
  const { exitCode } = await site.build({ BP_NODE_PROJECT_PATH: 'packages/api' });
  expect(exitCode).toBe(0);
  expect(launchOf(site)).toContain(`working-dir = "${site.app}/packages/api"`);
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['start', { start: 'nodemon server.js' }, {}],
  ['test', { start: 'node server.js', test: 'jest' }, { BP_ENV: 'test' }],
])('a program of the script %s that no package has is refused', async (name, scripts, env) => {
  for (const dependencies of [{}, { semver: '7.7.2' }]) {
    const manifest = JSON.stringify({ scripts, dependencies });
    const { exitCode, output } = await makeSite({ ...SERVER, 'package.json': manifest }).build(env);
    expect(output).toContain(`from "${name}" in scripts of package.json: no installed package has a program`);
    expect(exitCode).toBe(1);
  }
});

test('a program that a command newly names is looked for, also where dependencies could be taken over', async () => {
  const manifest = { scripts: { start: 'node server.js' }, dependencies: { semver: '7.7.2' } };
  const site = makeSite({ ...SERVER, 'package.json': JSON.stringify(manifest) });
  expect(await site.build()).toMatchObject({ exitCode: 0 });
  for (const prints of ['Dependencies: installing', 'Dependencies: reused']) {
    site.forgetContents();
    writeFileSync(join(site.app, 'package.json'), JSON.stringify({ ...manifest, scripts: { start: 'semver 1.0.0' } }));
    const { exitCode, output } = await site.build();
    expect(output).toContain(prints);
    expect(exitCode).toBe(0);
  }
});

test('scripts around start are told, and variables before a program are of its process', async () => {
  const scripts = { prestart: 'node migrate.js', start: 'MODE=quiet node server.js' };
  const site = makeSite({ ...SERVER, 'package.json': JSON.stringify({ scripts }) });
  const { exitCode, output } = await site.build();
  expect(output).toContain('WARNING: "prestart" in scripts of package.json does not run');
  expect(exitCode).toBe(0);
  expect(readFileSync(join(site.layers, 'application/env.launch/web/MODE.override'), 'utf8')).toBe('quiet');
});
