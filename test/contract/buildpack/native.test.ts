import { expect, test } from 'vitest';
import { startAcme } from '../../support/acme.ts';
import { bringManager } from '../../support/brought-manager.ts';
import { makeSite } from '../../support/buildpack.ts';
import { headers, NATIVE, nativeApp } from '../../support/native.ts';
import { answerOf, json, NPM_CACHE } from '../../support/shape.ts';

const ALLOWED = { onlyBuiltDependencies: ['@acme/native'] };
const YAML = "allowBuilds:\n  '@acme/native': true\n";

test.each([
  ['npm@11.19.1', {}, {}],
  ['pnpm@8.15.9', {}, {}],
  ['pnpm@10.34.8', { pnpm: ALLOWED }, {}],
  ['pnpm@12.21.0', {}, { 'pnpm-workspace.yaml': YAML }],
  ['yarn@1.22.22', {}, {}],
  ['yarn@3.8.7', {}, {}],
  ['yarn@4.18.1', {}, { '.yarnrc.yml': 'enableScripts: true\n' }],
  ['bun@1.4.5', { trustedDependencies: ['@acme/native'] }, {}],
])('%s compiles a native module', async (packageManager, more, files) => {
  const acme = await startAcme([NATIVE]);
  const site = makeSite({ ...nativeApp({ packageManager, ...more }), ...files });
  await bringManager(site);
  const { exitCode, output } = await site.build({ ...acme.env, npm_config_nodedir: headers() }, acme.bindings);
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe('compiled');
});

test('a native module that BP_INSTALL_SCRIPTS names is compiled, whatever the manager allows', async () => {
  const acme = await startAcme([NATIVE]);
  const site = makeSite(nativeApp({ packageManager: 'pnpm@10.34.8' }));
  await bringManager(site);
  const env = { ...acme.env, npm_config_nodedir: headers(), BP_INSTALL_SCRIPTS: '@acme/native' };
  expect((await site.build(env, acme.bindings)).exitCode).toBe(0);
  expect(await answerOf(site)).toBe('compiled');
});

test('node_modules of the app: native modules are compiled anew', async () => {
  const site = makeSite({
    ...nativeApp({}),
    ...Object.fromEntries(
      Object.entries(NATIVE.files).map(([path, text]) => [`node_modules/@acme/native/${path}`, text]),
    ),
    'node_modules/@acme/native/package.json': json({ name: '@acme/native', version: '1.0.0', ...NATIVE.manifest }),
    'node_modules/@acme/native/build/Release/addon.node': 'for another system',
  });
  const env = { FUNC_NAME: 'hello', BP_VENDORED_MODULES: 'on', npm_config_nodedir: headers() };
  const { exitCode, output } = await site.build({ ...env, npm_config_cache: NPM_CACHE });
  expect(output).toContain('npm rebuild');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe('compiled');
});
