import { FnError, messageOf } from '../base/error.ts';
import { resolveSetting, type Environment, type Setting } from '../base/setting.ts';
import { DIALECTS, type Dialect } from './dialect.ts';
import { readAddons, readMainPlugins, type Addon, type MainPlugin } from './identity.ts';
import { parseJson } from '../base/json.ts';

/** What makes a function a plugin of Keel. */
export interface KeelSettings {
  /** Undefined for a function that is none. */
  readonly pluginId: string | undefined;
  readonly version: string;
  readonly dialect: Dialect;
  readonly tkeelVersion: string;
  readonly addons: readonly Addon[];
  readonly mainPlugins: readonly MainPlugin[];
}

/** Those of a function that is a plugin. */
export type PluginSettings = KeelSettings & { readonly pluginId: string };

type Rows = { readonly [K in keyof KeelSettings]: Setting<KeelSettings[K]> };

/** The rows of docs/keel.md's table. */
export const KEEL_SETTINGS: Rows = {
  pluginId: {
    variables: ['KEEL_PLUGIN_ID'],
    help: 'Makes the function a plugin of this id, which is its app-id in Dapr (default: none).',
    fallback: undefined,
    parse: parseId,
  },
  version: {
    variables: ['KEEL_PLUGIN_VERSION'],
    help: 'The version of the plugin (default: 1.0).',
    fallback: '1.0',
    parse: (raw) => raw,
  },
  dialect: {
    variables: ['KEEL_DIALECT'],
    help: 'Whose words `/v1/identify` speaks: proposal or v0.1.0 (default: proposal).',
    fallback: 'proposal',
    parse: parseDialect,
  },
  tkeelVersion: {
    variables: ['KEEL_TKEEL_VERSION'],
    help: 'The version of tkeel that the plugin is for, told in the dialect v0.1.0 (default: v0.1.0).',
    fallback: 'v0.1.0',
    parse: (raw) => raw,
  },
  addons: {
    variables: ['KEEL_ADDONS'],
    help: 'The extension points it offers, as JSON: descriptions by names (default: none).',
    fallback: [],
    parse: (raw, source) => parseList(raw, source, readAddons, '{"before-send": "Called before a mail is sent"}'),
  },
  mainPlugins: {
    variables: ['KEEL_MAIN_PLUGINS'],
    help: 'The plugins it extends, as JSON: id, version and endpoints, which are own paths by names (default: none).',
    fallback: [],
    parse: (raw, source) =>
      parseList(
        raw,
        source,
        readMainPlugins,
        '[{"id": "acme-mail", "version": "1.0", "endpoints": {"before-send": "/check"}}]',
      ),
  },
};

/** Reads them; undefined for a function that is no plugin, OFN-CONFIG when one has a value it can't have. */
export function readKeelSettings(env: Environment): PluginSettings | undefined {
  const read = <K extends keyof KeelSettings>(name: K): KeelSettings[K] => {
    const row: Setting<KeelSettings[K]> = KEEL_SETTINGS[name];
    return resolveSetting(row, { env }).value;
  };
  const pluginId = read('pluginId');
  if (pluginId === undefined) return undefined;
  return {
    pluginId,
    version: read('version'),
    dialect: read('dialect'),
    tkeelVersion: read('tkeelVersion'),
    addons: read('addons'),
    mainPlugins: read('mainPlugins'),
  };
}

function parseId(raw: string, source: string): string {
  if (/^[A-Za-z0-9](?:[\w.-]{0,251}[A-Za-z0-9])?$/.test(raw)) return raw;
  throw misused(
    source,
    `"${raw}" is no id of a plugin`,
    'letters, digits, dots, dashes and underscores, for example acme-mail',
  );
}

function parseDialect(raw: string, source: string): Dialect {
  const known = DIALECTS.find((dialect) => dialect === raw.toLowerCase());
  if (known !== undefined) return known;
  throw misused(source, `"${raw}" is no dialect`, DIALECTS.join(' or '));
}

function parseList<T>(raw: string, source: string, read: (value: unknown) => T, example: string): T {
  const value = parseJson(raw);
  if (value === undefined) throw misused(source, 'it is no JSON', `JSON, for example ${example}`);
  try {
    return read(value);
  } catch (error) {
    throw misused(source, messageOf(error), `JSON such as ${example}`);
  }
}

function misused(source: string, why: string, wanted: string): FnError {
  return new FnError(`Couldn't use ${source}: ${why}.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} (or its key of [keel] in func.toml) to ${wanted}.`,
  });
}
