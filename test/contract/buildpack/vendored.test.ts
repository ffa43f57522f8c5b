import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { NPM_CACHE, ANSWER, answerOf, json, lockFile, plainApp } from '../../support/shape.ts';
import { makeFolder } from '../../support/workspace.ts';

/** A proxy at which nobody listens: what asks there fails at once. */
const NOWHERE = 'http://127.0.0.1:9/';
const HELLO = {
  FUNC_NAME: 'hello',
  HTTPS_PROXY: NOWHERE,
  HTTP_PROXY: NOWHERE,
  npm_config_proxy: NOWHERE,
  npm_config_https_proxy: NOWHERE,
  npm_config_fetch_retries: '0',
};
const YARN = '.yarn/releases/yarn-4.18.1.cjs';

/** Builds without network and gives what was printed, and what the function answers. */
async function builtOffline(site: Site): Promise<{ output: string; answer: string }> {
  const { exitCode, output } = await site.build(HELLO);
  if (exitCode !== 0) throw new Error(output);
  return { output, answer: await answerOf(site) };
}

test("an app with npm's cache in npm-cache is built without network", async () => {
  const site = makeSite({ ...plainApp(), 'package-lock.json': lockFile('plain.npm') });
  await execa('npm', ['ci', '--cache', 'npm-cache', '--no-audit'], { cwd: site.app });
  const { output, answer } = await builtOffline(site);
  expect(output).toContain('Left out of the image: npm-cache/_cacache');
  expect(answer).toBe(ANSWER);
  expect(existsSync(join(site.app, 'npm-cache/_cacache'))).toBe(false);
});

test('an app with PnP, .yarn/cache and its own Yarn is built without network', async () => {
  const site = makeSite({
    ...plainApp(),
    'yarn.lock': lockFile('plain.yarn-4'),
    '.yarnrc.yml': `enableGlobalCache: false\nenableTelemetry: false\nyarnPath: ${YARN}\n`,
  });
  const folder = makeFolder();
  const cache = NPM_CACHE;
  await execa('npm', ['pack', '@yarnpkg/cli-dist@4.18.1', '--cache', cache], { cwd: folder });
  mkdirSync(join(site.app, '.yarn/releases'), { recursive: true });
  const program = ['--extract', '--to-stdout', '--file', 'yarnpkg-cli-dist-4.18.1.tgz', 'package/bin/yarn.js'];
  const { stdout } = await execa('tar', program, { cwd: folder, encoding: 'buffer' });
  writeFileSync(join(site.app, YARN), stdout);
  await execa('node', [YARN, 'install'], { cwd: site.app });
  expect(readdirSync(site.app)).toContain('.pnp.cjs');
  writeFileSync(join(site.app, '.yarnrc.yml'), `enableNetwork: false\nenableGlobalCache: false\nyarnPath: ${YARN}\n`);
  const { output, answer } = await builtOffline(site);
  expect(output).toContain(`Package manager: yarn, ${YARN} of the app`);
  expect(output).toContain('Left out of the image: .yarnrc.yml, .yarn/cache, ');
  const left = ['.yarn', 'index.js', 'node_modules', 'package.json', 'yarn.lock'];
  expect(readdirSync(site.app)).toEqual(left);
  // What is committed is there in every build, and Yarn is not.
  site.forgetContents();
  writeFileSync(join(site.app, '.pnp.cjs'), '');
  writeFileSync(join(site.app, '.yarnrc.yml'), `enableNetwork: false\nenableGlobalCache: false\nyarnPath: ${YARN}\n`);
  expect((await site.build(HELLO)).output).toContain('Dependencies: reused');
  expect(readdirSync(site.app)).toEqual(left);
  expect(answer).toBe(ANSWER);
});

test('an app that keeps node_modules is built without network', async () => {
  const site = makeSite({ ...plainApp(), 'package-lock.json': lockFile('plain.npm') });
  await execa('npm', ['ci', '--omit=dev', '--no-audit', '--cache', NPM_CACHE], { cwd: site.app });
  const { exitCode, output } = await site.build({ ...HELLO, BP_VENDORED_MODULES: 'on' });
  expect(output).toContain('Dependencies: node_modules of the app (BP_VENDORED_MODULES)');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe(ANSWER);
  // It has the addresses of packages, with their passwords.
  expect(existsSync(join(site.app, 'node_modules/.package-lock.json'))).toBe(false);
});

test('build scripts run with the node_modules of the app', async () => {
  const site = makeSite({
    'package.json': json({ main: 'dist/index.js', scripts: { build: 'make-it' } }),
    'node_modules/make-it/package.json': json({ name: 'make-it', version: '1.0.0' }),
  });
  const program = '#!/bin/sh\nmkdir dist && echo "exports.hello = (req, res) => res.end(\'made\');" > dist/index.js\n';
  mkdirSync(join(site.app, 'node_modules/.bin'));
  writeFileSync(join(site.app, 'node_modules/.bin/make-it'), program, { mode: 0o755 });
  const { exitCode, output } = await site.build({ ...HELLO, BP_VENDORED_MODULES: 'on', BP_NODE_RUN_SCRIPTS: 'build' });
  expect(output).toContain('Build scripts: build (from BP_NODE_RUN_SCRIPTS)\nnpm run build\n');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe('made');
});
