import { expect, test } from 'vitest';
import { installVariables, settingsAsVariables } from '../../../../src/buildpack/managers/install-variables.ts';

const named = (names: readonly string[]): readonly string[] =>
  installVariables(Object.fromEntries(names.map((name) => [name, '1']))).map(([name]) => name);

test('what decides an install is found', () => {
  const names = [
    'CC',
    'CYPRESS_CACHE_FOLDER',
    'CYPRESS_INSTALL_BINARY',
    'ELECTRON_SKIP_BINARY_DOWNLOAD',
    'FOO_BINARY_HOST',
    'FOO_SKIP_DOWNLOAD',
  ];
  names.push(
    'NPM_CONFIG_OMIT',
    'PRISMA_GENERATE_DATAPROXY',
    'PUPPETEER_SKIP_DOWNLOAD',
    'PYTHON',
    'SHARP_IGNORE_GLOBAL_LIBVIPS',
    'YARN_NODE_LINKER',
  );
  names.push('npm_config_build_from_source', 'pnpm_config_node_linker');
  expect(named(names.toReversed())).toEqual(names);
});

test.each([
  ['the function', ['FUNC_NAME', 'BP_NODE_VERSION', 'NODE_ENV', 'GIT_COMMIT', 'PATH', 'HOME', 'ACCOUNT']],
  [
    'the way to the registry',
    ['npm_config_registry', 'NPM_CONFIG_PROXY', 'npm_config_fetch_retries', 'YARN_HTTP_PROXY'],
  ],
  ['places', ['npm_config_cache', 'YARN_CACHE_FOLDER', 'npm_config_userconfig', 'npm_config_cafile', 'npm_config_ca']],
  ['secrets', ['NPM_TOKEN', 'npm_config__auth', 'YARN_NPM_AUTH_TOKEN', 'npm_config_//r.io/:_password', 'SHARP_TOKEN']],
])('what is of %s is not', (_, names) => {
  expect(named(names)).toEqual([]);
});

test('settings of a user decide as variables do, without registries and secrets', () => {
  const npmrc =
    '; mine\nomit = optional\nignore-scripts=true\nregistry=https://r.example\n@acme:registry=https://r.example\n//r.example/:_authToken=x\n//r.example/:username=me\n';
  const yarnrc =
    'enableScripts: false\nnpmAuthToken: x\nnpmRegistryServer: https://r.example\nnpmScopes:\n  acme:\n    npmAuthToken: x\n';
  expect(installVariables(settingsAsVariables(npmrc, yarnrc))).toEqual([
    ['npm_config_ignore_scripts', 'true'],
    ['npm_config_omit', 'optional'],
    ['yarn_enableScripts', 'false'],
  ]);
});
