import { FnError } from '../../base/error.ts';
import type { Environment } from '../../base/setting.ts';
import { isTable } from '../../base/table.ts';

/** The keys of [keel] in func.toml, and the variables they are at launch; what they mean is the framework's to say. */
export const KEEL_VARIABLES = {
  plugin_id: 'KEEL_PLUGIN_ID',
  version: 'KEEL_PLUGIN_VERSION',
  dialect: 'KEEL_DIALECT',
  tkeel_version: 'KEEL_TKEEL_VERSION',
  addons: 'KEEL_ADDONS',
  main_plugins: 'KEEL_MAIN_PLUGINS',
} as const;

/** Those that are tables or lists; they become JSON. */
const STRUCTURED: ReadonlySet<string> = new Set(['addons', 'main_plugins']);

/** Decodes [keel] of func.toml into variables; undefined where there is none. */
export function decodeKeel(value: unknown): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  if (!isTable(value)) throw invalid('"keel" is not a table');
  const known = new Map<string, string>(Object.entries(KEEL_VARIABLES));
  const variables = Object.entries(value).map(([key, given]) => {
    const variable = known.get(key);
    if (variable === undefined) throw invalid(`"keel.${key}" is not a known key`);
    return [variable, STRUCTURED.has(key) ? jsonOf(key, given) : textOf(key, given)];
  });
  return Object.fromEntries(variables);
}

/** The variables at launch: those of the build win over func.toml; none where nothing names the plugin. */
export function readKeelVariables(
  env: Environment,
  declared: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const given = Object.values(KEEL_VARIABLES).flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  const all: Record<string, string> = { ...declared, ...Object.fromEntries(given) };
  if (all[KEEL_VARIABLES.plugin_id] !== undefined) return all;
  if (declared === undefined) return {};
  throw invalid('"keel.plugin_id" is missing');
}

function textOf(key: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`"keel.${key}" is not a text`);
}

function jsonOf(key: string, value: unknown): string {
  if (isTable(value) || Array.isArray(value)) return JSON.stringify(value);
  throw invalid(`"keel.${key}" is neither a table nor a list`);
}

function invalid(fault: string): FnError {
  return new FnError(`Couldn't read the function's declaration in func.toml: ${fault}.`, {
    code: 'OFN-CONFIG',
    hint: `Known keys of "keel" are ${Object.keys(KEEL_VARIABLES).join(', ')}; docs/keel.md has an example.`,
  });
}
