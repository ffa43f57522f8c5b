import { isTable, type Table } from '../base/table.ts';

/** An extension point that a plugin offers. */
export interface Addon {
  readonly name: string;
  readonly desc: string;
}

/** How an extension point of another plugin is met. */
export interface AddonEndpoint {
  /** The name of the extension point there. */
  readonly addon: string;
  /** The own path that is called back. */
  readonly endpoint: string;
}

/** A plugin that is extended. */
export interface MainPlugin {
  readonly id: string;
  /** Undefined when nobody said; the platform does not interpret it. */
  readonly version: string | undefined;
  readonly endpoints: readonly AddonEndpoint[];
}

/** What a plugin says of itself. */
export interface Identity {
  /** Its app-id in Dapr, `organisation-plugin`. */
  readonly pluginId: string;
  readonly version: string;
  /** The version of the platform it was made for; the proposal has none. */
  readonly tkeelVersion: string | undefined;
  readonly addons: readonly Addon[];
  readonly mainPlugins: readonly MainPlugin[];
}

/** A value that does not say what it has to. */
export class Malformed extends Error {}

/** Reads an identity in the words of the proposal or of tkeel 0.1.0; Malformed when it is none. */
export function readIdentity(value: unknown): Identity {
  const table = tableOf(value, 'the identity');
  return {
    pluginId: textOf(table['plugin_id'], '"plugin_id"'),
    version: textOf(table['version'], '"version"'),
    tkeelVersion: optionalText(table['tkeel_version'], '"tkeel_version"'),
    addons: readAddons(table['addons'] ?? table['addons_points'] ?? []),
    mainPlugins: readMainPlugins(table['main_plugin'] ?? table['main_plugins'] ?? []),
  };
}

/** Reads extension points: a list in the words of either dialect, or a table of descriptions by names. */
export function readAddons(value: unknown): Addon[] {
  if (isTable(value)) {
    return Object.entries(value).map(([name, desc]) => ({
      name,
      desc: textOf(desc, `the description of "${name}"`, true),
    }));
  }
  return listOf(value, 'the extension points').map((one) => {
    const { endpoint, addons_point: point, name, desc } = tableOf(one, 'an extension point');
    return {
      name: textOf(name ?? endpoint ?? point, 'the name of an extension point'),
      desc: optionalText(desc, '"desc"') ?? '',
    };
  });
}

/** Reads extended plugins in the words of either dialect. */
export function readMainPlugins(value: unknown): MainPlugin[] {
  return listOf(value, 'the extended plugins').map((one) => {
    const { id, version, endpoints } = tableOf(one, 'an extended plugin');
    return {
      id: textOf(id, 'the "id" of an extended plugin'),
      version: optionalText(version, '"version"'),
      endpoints: readEndpoints(endpoints ?? []),
    };
  });
}

/** Reads how extension points are met: a list in the words of either dialect, or a table of paths by names. */
export function readEndpoints(value: unknown): AddonEndpoint[] {
  if (isTable(value)) {
    return Object.entries(value).map(([addon, path]) => ({
      addon,
      endpoint: textOf(path, `the endpoint of "${addon}"`),
    }));
  }
  return listOf(value, 'the endpoints').map((one) => {
    const { addons, addons_point: point, addon, endpoint } = tableOf(one, 'an endpoint');
    const name = textOf(addon ?? point ?? addons, 'the extension point of an endpoint');
    return { addon: name, endpoint: textOf(endpoint, `the endpoint of "${name}"`) };
  });
}

/** A value that has to be a table. */
export function tableOf(value: unknown, what: string): Table {
  if (isTable(value)) return value;
  throw new Malformed(`${what} is not a table`);
}

/** A value that has to be a text, not an empty one unless that is allowed. */
export function textOf(value: unknown, what: string, mayBeEmpty = false): string {
  if (typeof value === 'string' && (mayBeEmpty || value !== '')) return value;
  throw new Malformed(`${what} is not a text`);
}

function optionalText(value: unknown, what: string): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value, what, true);
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Malformed(`${what} are not a list`);
}
