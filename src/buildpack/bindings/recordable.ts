import { basename } from 'node:path';
import type { Environment } from '../../base/setting.ts';
import { isTable } from '../../base/table.ts';
import { decodeToml } from '../../libcnb/toml-file.ts';
import { cleanFile, WITH_ADDRESSES } from './address-credentials.ts';
import { hiding, isSecret, MASK, secretsIn, withoutSecrets } from './secrets.ts';
import { decodeVariables, ENCODED } from '../config/encoded-variables.ts';
import { REGISTRY_FILES } from '../project/registry-files.ts';

/**
 * How to read a file of an app, by its path, where it may have secrets that the image has not: what is recorded of it
 * must not depend on them. Undefined for files that are in the image as they are.
 */
export function recordableFile(path: string): ((text: string) => string) | undefined {
  const name = basename(path);
  if (REGISTRY_FILES.has(name)) return withoutSecrets;
  if (WITH_ADDRESSES.has(name)) return (text) => cleanFile(path, text);
  return path === 'project.toml' ? (text) => JSON.stringify(masked(decodeToml(text, path))) : undefined;
}

/** Variables of a build as they may be recorded, with those in FUNC_ENV_B64URL: of secrets only that they are there. */
export function recordableVariables(env: Environment): Environment {
  const { [ENCODED]: encoded, ...others } = env;
  const all = { ...others, ...(encoded ? decodeVariables(encoded) : {}) };
  const hide = hiding(secretsIn(all, []));
  return Object.fromEntries(
    Object.entries(all).map(([name, value = '']) => [name, isSecret(name) ? MASK : hide(value)]),
  );
}

/** The entries of variables in project.toml are tables with a name and a value. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isTable(value) || value instanceof Date) return value;
  const isOfSecret = isSecret(String(value['name']));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, isOfSecret && key === 'value' ? MASK : masked(one)]),
  );
}
