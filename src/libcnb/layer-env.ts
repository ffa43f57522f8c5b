import { join } from 'node:path';
import type { Environment } from '../base/setting.ts';
import { kindOf, readValues, writeText } from './text-file.ts';

/** What a variable file does: https://github.com/buildpacks/spec/blob/main/buildpack.md#environment-variable-modification-rules */
export type EnvAction = 'override' | 'default' | 'append' | 'prepend';

/** A change to one variable. */
export interface EnvChange {
  readonly name: string;
  readonly action: EnvAction;
  readonly value: string;
  /** Put between the old and the new value by `append` and `prepend`; nothing when it is left out. */
  readonly delimiter?: string;
}

/** Where a change applies: both phases, the build, the launch, or one process at launch. */
export type EnvScope = 'all' | 'build' | 'launch' | { readonly process: string };

/** Folders of a layer that extend path variables by themselves. */
const LAYER_PATHS: readonly { readonly folder: string; readonly variable: string; readonly buildOnly: boolean }[] = [
  { folder: 'bin', variable: 'PATH', buildOnly: false },
  { folder: 'lib', variable: 'LD_LIBRARY_PATH', buildOnly: false },
  { folder: 'lib', variable: 'LIBRARY_PATH', buildOnly: true },
  { folder: 'include', variable: 'CPATH', buildOnly: true },
  { folder: 'pkgconfig', variable: 'PKG_CONFIG_PATH', buildOnly: true },
];

/** Writes variable files into a layer. */
export async function writeLayerEnv(layerDir: string, scope: EnvScope, changes: readonly EnvChange[]): Promise<void> {
  const folder = join(layerDir, folderOf(scope));
  for (const { name, action, value, delimiter } of changes) {
    await writeText(join(folder, `${name}.${action}`), value);
    if (delimiter !== undefined) await writeText(join(folder, `${name}.delim`), delimiter);
  }
}

/** The environment a later buildpack or a process sees after a layer: its folders, then its variable files. */
export async function applyLayerEnv(layerDir: string, scope: EnvScope, env: Environment): Promise<Environment> {
  let changed = await applyLayerPaths(layerDir, scope === 'build', env);
  const folders =
    scope === 'all' ? ['env'] : ['env', ...(typeof scope === 'object' ? ['env.launch'] : []), folderOf(scope)];
  for (const folder of folders) {
    for (const change of await readChanges(join(layerDir, folder))) changed = applyChange(changed, change);
  }
  return changed;
}

/** The environment with one change made; an empty variable counts as one that is not set. */
export function applyChange(env: Environment, change: EnvChange): Environment {
  const { name, action, value, delimiter = '' } = change;
  const old = env[name] ?? '';
  const joined = {
    override: value,
    default: old || value,
    append: old === '' ? value : `${old}${delimiter}${value}`,
    prepend: old === '' ? value : `${value}${delimiter}${old}`,
  };
  return { ...env, [name]: joined[action] };
}

function folderOf(scope: EnvScope): string {
  if (scope === 'all') return 'env';
  return typeof scope === 'string' ? `env.${scope}` : join('env.launch', scope.process);
}

async function applyLayerPaths(layerDir: string, isBuild: boolean, env: Environment): Promise<Environment> {
  let changed = env;
  for (const { folder, variable, buildOnly } of LAYER_PATHS) {
    if (buildOnly && !isBuild) continue;
    const path = join(layerDir, folder);
    if ((await kindOf(path)) !== 'folder') continue;
    changed = applyChange(changed, { name: variable, action: 'prepend', value: path, delimiter: ':' });
  }
  return changed;
}

async function readChanges(folder: string): Promise<EnvChange[]> {
  const values = await readValues(folder);
  const changes: EnvChange[] = [];
  for (const [file, value] of values) {
    const { name, action } = splitFileName(file);
    if (action === undefined) continue;
    const delimiter = values.get(`${name}.delim`);
    changes.push({ name, action, value, ...(delimiter === undefined ? {} : { delimiter }) });
  }
  return changes;
}

/** `NAME.append` is an append; without a suffix it is an override; `.delim` and unknown suffixes are no change. */
function splitFileName(file: string): { name: string; action: EnvAction | undefined } {
  const dot = file.indexOf('.');
  if (dot === -1) return { name: file, action: 'override' };
  const suffix = file.slice(dot + 1);
  const actions: readonly EnvAction[] = ['override', 'default', 'append', 'prepend'];
  return { name: file.slice(0, dot), action: actions.find((action) => action === suffix) };
}
