import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KEEL_VARIABLES } from '../../../src/buildpack/launch/keel.ts';
import { ERROR_CODES } from '../../../src/base/error.ts';
import { endpointsOf } from '../../../src/keel/endpoints.ts';
import { KEEL_SETTINGS, readKeelSettings, type PluginSettings } from '../../../src/keel/settings.ts';
import { ROOT } from '../../support/artefact.ts';
import { failureOf } from '../../support/failure.ts';

const DEFAULTS = {
  pluginId: 'acme-mail',
  version: '1.0',
  dialect: 'proposal',
  tkeelVersion: 'v0.1.0',
  addons: [],
  mainPlugins: [],
} as const;

test('a function is a plugin by its id alone', () => {
  expect(readKeelSettings({ KEEL_ADDONS: '{"a": "A"}', KEEL_PLUGIN_ID: '' })).toBeUndefined();
  expect(readKeelSettings({ KEEL_PLUGIN_ID: 'acme-mail' })).toEqual(DEFAULTS);
});

test('everything said', () => {
  expect(
    readKeelSettings({
      KEEL_PLUGIN_ID: 'a.b_c-1',
      KEEL_PLUGIN_VERSION: 'two',
      KEEL_DIALECT: 'V0.1.0',
      KEEL_TKEEL_VERSION: 'v1.0.0',
      KEEL_ADDONS: '[{"endpoint": "a", "desc": "A"}, {"addons_point": "b"}]',
      KEEL_MAIN_PLUGINS: '[{"id": "x", "version": "2", "endpoints": {"y": "/z"}}]',
    }),
  ).toEqual({
    pluginId: 'a.b_c-1',
    version: 'two',
    dialect: 'v0.1.0',
    tkeelVersion: 'v1.0.0',
    addons: [
      { name: 'a', desc: 'A' },
      { name: 'b', desc: '' },
    ],
    mainPlugins: [{ id: 'x', version: '2', endpoints: [{ addon: 'y', endpoint: '/z' }] }],
  });
});

test.each<[string, Record<string, string>]>([
  ['an id with a slash', { KEEL_PLUGIN_ID: 'acme/mail' }],
  ['a dialect nobody speaks', { KEEL_DIALECT: 'v2' }],
  ['extension points that are no JSON', { KEEL_ADDONS: 'before-send' }],
  ['extension points that are a number', { KEEL_ADDONS: '1' }],
  ['an extended plugin without an id', { KEEL_MAIN_PLUGINS: '[{"endpoints": {}}]' }],
])('%s is refused', async (_, env) => {
  expect(await failureOf(() => readKeelSettings({ KEEL_PLUGIN_ID: 'acme-mail', ...env }))).toMatchSnapshot();
});

const page = readFileSync(join(ROOT, 'docs/keel.md'), 'utf8');

test('docs/keel.md has every setting with its key of func.toml', () => {
  const keys = new Map<string, string>(Object.entries(KEEL_VARIABLES).map(([key, variable]) => [variable, key]));
  const rows = [...page.matchAll(/^\| `(KEEL_\w+)` +\| `(\w+)` +\| (.*?) +\|$/gm)].map(([, ...row]) => row);
  const settings = Object.values(KEEL_SETTINGS).map(({ variables: [name = ''], help }) => [name, keys.get(name), help]);
  expect(rows).toEqual(settings);
});

test('docs/keel.md has every endpoint, and the codes of the client', () => {
  const settings: PluginSettings = { ...DEFAULTS, dialect: 'v0.1.0' };
  const endpoints = endpointsOf({ settings, hooks: () => ({}), status: () => 'ACTIVE' });
  const rows = [...page.matchAll(/^\| `(GET|POST) (\/v1\/[^`]+)` +\|/gm)].map(([, ...row]) => row);
  expect(rows).toEqual([...endpoints].map(([path, { method }]) => [method, path]));
  const codes = Object.keys(ERROR_CODES).filter((code) => code.startsWith('OFN-KEEL-'));
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

test('docs/keel.md shows the samples as they are', () => {
  const shown = [...page.matchAll(/```\w+\n(?:\/\/|#) (samples\/\S+)\n([^]*?)```/g)];
  expect(shown.length).toBeGreaterThan(2);
  for (const [, path = '', code] of shown) expect([path, code]).toEqual([path, readFileSync(join(ROOT, path), 'utf8')]);
});
