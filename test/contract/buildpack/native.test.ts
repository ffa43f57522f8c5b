import { expect, test } from 'vitest';
import { startAcme } from '../../support/acme.ts';
import { makeSite } from '../../support/buildpack.ts';
import type { RegistryPackage } from '../../support/registry.ts';
import { answerOf, json, NPM_CACHE } from '../../support/shape.ts';
import { makeFolder } from '../../support/workspace.ts';

/** An addon that needs no header of Node.js: Node-API is a set of C functions. */
const ADDON = `typedef void *napi_env;
typedef void *napi_value;
int napi_create_string_utf8(napi_env, const char *, unsigned long, napi_value *);
__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value text;
  napi_create_string_utf8(env, "compiled", 8, &text);
  return text;
}
`;

const NATIVE: RegistryPackage = {
  name: '@acme/native',
  // pnpm and bun ask for a script.
  manifest: { scripts: { install: 'node-gyp rebuild' } },
  files: {
    'addon.c': ADDON,
    'binding.gyp': '{"targets": [{"target_name": "addon", "sources": ["addon.c"]}]}',
    'index.js': "module.exports = require('./build/Release/addon.node');\n",
  },
};

/** What node-gyp needs of a Node.js whose headers nobody includes. */
function headers(): string {
  return makeFolder({
    'include/node/common.gypi':
      "{'target_defaults': {'cflags': ['-fPIC'], 'default_configuration': 'Release', 'configurations': {'Release': {}}}}",
    'include/node/config.gypi': "{'variables': {}, 'target_defaults': {}}",
    'include/node/node_version.h': '#define NODE_MAJOR_VERSION 24\n',
  });
}

function nativeApp(more: object): Record<string, string> {
  const manifest = { name: 'app', version: '1.0.0', private: true, dependencies: { '@acme/native': '1.0.0' } };
  return {
    'package.json': json({ ...manifest, ...more }),
    'index.js': "exports.hello = (req, res) => res.end(require('@acme/native'));\n",
  };
}

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
  const { exitCode, output } = await site.build({ ...acme.env, npm_config_nodedir: headers() }, acme.bindings);
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe('compiled');
});

test('a native module that BP_INSTALL_SCRIPTS names is compiled, whatever the manager allows', async () => {
  const acme = await startAcme([NATIVE]);
  const site = makeSite(nativeApp({ packageManager: 'pnpm@10.34.8' }));
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
