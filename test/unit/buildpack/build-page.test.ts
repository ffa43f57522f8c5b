import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CERTIFICATES_TYPE } from '../../../src/buildpack/bindings/certificates.ts';
import { REGISTRY_TYPES } from '../../../src/buildpack/bindings/registry-settings.ts';
import { describeDamage } from '../../../src/buildpack/config/damage.ts';
import { EXEC_ENV, type ExecEnv } from '../../../src/buildpack/config/exec-env.ts';
import { FUNCTION_SETTINGS } from '../../../src/buildpack/config/function.ts';
import { BUN } from '../../../src/buildpack/managers/bun.ts';
import { LOCK_FILES } from '../../../src/buildpack/managers/choose.ts';
import { NPM } from '../../../src/buildpack/managers/npm.ts';
import { PNPM } from '../../../src/buildpack/managers/pnpm.ts';
import { INSTALL_SETTINGS } from '../../../src/buildpack/managers/settings.ts';
import { YARN_BERRY } from '../../../src/buildpack/managers/yarn-berry.ts';
import { YARN_CLASSIC } from '../../../src/buildpack/managers/yarn-classic.ts';
import { nodeDecision } from '../../../src/buildpack/node/sources.ts';
import { NODE_SETTINGS } from '../../../src/buildpack/node/settings.ts';
import { processesOf } from '../../../src/buildpack/launch/processes.ts';
import { readProject, readVariables } from '../../../src/buildpack/project/project.ts';
import { KNOWN_VARIABLES } from '../../../src/buildpack/settings.ts';
import { ADVISORIES_TYPE } from '../../../src/buildpack/supply/audit.ts';
import { ROOT } from '../../support/artefact.ts';
import { codesOf, tableOf } from '../../support/page-table.ts';
import { makeFolder } from '../../support/workspace.ts';

const PAGE = 'build.md';
const encoded = (name: string): string => Buffer.from(JSON.stringify({ FUNC_NAME: name })).toString('base64url');

/** How each source of docs/build.md names a function. */
const SOURCES: Readonly<
  Record<string, (name: string) => { readonly files?: Record<string, string>; readonly env?: Record<string, string> }>
> = {
  '`FUNC_ENV_B64URL`': (name) => ({ env: { FUNC_ENV_B64URL: encoded(name) } }),
  'variables of the platform': (name) => ({ env: { FUNC_NAME: name } }),
  'project.toml': (name) => ({
    files: {
      'project.toml': `[_]\nschema-version = "0.2"\n[[io.buildpacks.build.env]]\nname = "FUNC_NAME"\nvalue = "${name}"\n`,
    },
  }),
  'func.toml': (name) => ({ files: { 'func.toml': `[openfunction]\nname = "${name}"\n` } }),
  'package.json': (name) => ({ files: { 'package.json': JSON.stringify({ openfunction: { name } }) } }),
};

test('the sources are those of the page, and the first wins', async () => {
  const names = tableOf(PAGE, 'source').map(([name = '']) => name);
  expect(names).toEqual(Object.keys(SOURCES));
  for (const first of names.keys()) {
    const said = names.slice(first).map((name, index) => SOURCES[name]?.(`function${first + index}`));
    const env: Record<string, string> = Object.assign({}, ...said.map((one) => one?.env));
    const appDir = makeFolder(Object.assign({}, ...said.map((one) => one?.files)));
    const { sources } = await readProject(appDir, await readVariables({ appDir, env, userEnv: env }));
    expect(sources.read(FUNCTION_SETTINGS.target).value).toBe(`function${first}`);
  }
});

function toldOf(value: string, name: string): string {
  try {
    return describeDamage({ [name]: value }).length === 0 ? 'nothing' : 'a warning';
  } catch {
    return 'an error';
  }
}

test('values that a platform damages are told as the page says', () => {
  const rows = tableOf(PAGE, 'value in `spec.build.env`');
  // What arrives of the others is nothing that could be looked at.
  const unseen = ['an empty text', '`$(id -u)`', "`it's`", '`>=20`'];
  expect(rows.map(([given]) => given)).toEqual(expect.arrayContaining(unseen));
  for (const [given = '', arriving, says = ''] of rows) {
    if (unseen.includes(given)) continue;
    const [what = ''] = /^(?:an error|a warning|nothing)/.exec(says) ?? [];
    const named = codesOf(says.split(';')[0]);
    const names = named.length > 0 ? named : [says.includes('commands') ? 'BUILD_COMMAND' : 'ANY'];
    for (const value of codesOf(arriving)) {
      for (const name of names) expect([given, name, value, toldOf(value, name)]).toEqual([given, name, value, what]);
    }
  }
});

test('the places that say which Node.js are those of the page, in their order', () => {
  const { version, runtime } = NODE_SETTINGS;
  const inFiles = nodeDecision({ request: undefined }, '').change.split(', ').slice(-6);
  const keys = version.key === undefined ? [] : [version.key];
  const places = [...version.variables, ...keys, ...runtime.variables, ...inFiles];
  expect(tableOf(PAGE, 'place').flatMap(([cell]) => codesOf(cell))).toEqual(places);
});

const MANAGERS = { npm: NPM, pnpm: PNPM, 'Yarn 1': YARN_CLASSIC, 'Yarn 2 on': YARN_BERRY, bun: BUN };

test('package managers have the lock files of the page, and install as it says', async () => {
  const rows = tableOf(PAGE, 'manager').filter(([, files]) => codesOf(files).length > 0);
  expect(rows.map(([name]) => name)).toEqual(Object.keys(MANAGERS));
  expect(new Set(rows.flatMap(([, files]) => codesOf(files)))).toEqual(new Set(LOCK_FILES));
  const request = { version: undefined, locked: true, production: true, patched: false, ignoreScripts: false };
  const folders = { appDir: makeFolder(), cacheDir: '/cache', registry: async () => 'https://registry.example' };
  for (const [name = '', files, , install] of rows) {
    const manager = MANAGERS[name as keyof typeof MANAGERS];
    expect(new Set(codesOf(files))).toEqual(new Set(manager.lockFiles));
    const { args } = await manager.install({ ...request, ...folders });
    const [command, ...words] = codesOf(install)[0]?.split(' ') ?? [];
    expect(command).toBe(manager.name);
    expect(args).toEqual(expect.arrayContaining(words));
  }
});

test('install scripts take the values of the page', () => {
  const values = tableOf(PAGE, 'value').map(([cell]) => codesOf(cell)[0] ?? '');
  const parsed = values.map((value) => INSTALL_SETTINGS.scripts.parse(value, 'BP_INSTALL_SCRIPTS'));
  expect(parsed).toEqual(['on', 'off', ['sharp', 'better-sqlite3']]);
});

test('service bindings have the types and files of the page', () => {
  const rows = tableOf(PAGE, 'type').map(([type, files]) => [codesOf(type)[0], codesOf(files)]);
  expect(rows).toEqual([...REGISTRY_TYPES, [CERTIFICATES_TYPE, []], [ADVISORIES_TYPE, []]]);
});

test('each execution environment of the page starts the process it says', () => {
  const rows = tableOf(PAGE, 'environment');
  expect(rows.map(([name]) => codesOf(name)[0])).toEqual(codesOf(EXEC_ENV.help));
  const image = { web: ['node', 'main.mjs'] as const, test: ['node', '--test'] as const, inspectorPort: '' };
  for (const [name, process, , nodeEnv] of rows) {
    const execEnv = EXEC_ENV.parse(codesOf(name)[0] ?? '', 'the page') satisfies ExecEnv;
    const started = processesOf({ ...image, execEnv, webDir: undefined, projectDir: '/app' });
    expect(started.find(({ isDefault }) => isDefault === true)?.type).toBe(codesOf(process)[0]);
    expect(codesOf(nodeEnv)).toEqual([execEnv]);
  }
});

test('the page names no variable of a build that nobody reads', () => {
  const codes = codesOf(readFileSync(join(ROOT, 'docs', PAGE), 'utf8').replaceAll(/```[^]*?```/g, ''));
  const named = codes.flatMap((code) => /^(?:BP|FUNC|FUNCTION)_[A-Z0-9_]+(?==|$)/.exec(code) ?? []);
  const inLaunch = tableOf(PAGE, 'launch variable').flatMap(([cell]) => codesOf(cell));
  const ofOthers = ['FUNC_BUILDABLE', 'FUNC_BUILD_ARGS', 'FUNC_DEVMODE', 'FUNC_GOPROXY'];
  const known = new Set([...KNOWN_VARIABLES, ...inLaunch, ...ofOthers]);
  expect(named.filter((name) => !known.has(name) && !name.startsWith('FUNC_LABEL_'))).toEqual([]);
});
