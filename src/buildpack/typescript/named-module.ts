import { join } from 'node:path';
import { isFolder } from '../../base/path-kind.ts';
import { exportsTarget } from '../../base/module-entry.ts';
import type { Resolved } from '../../base/setting.ts';
import type { Manifest } from './manifests.ts';

/** A module, or a folder of plugins, that the project names: it need not be there. */
export interface NamedModule {
  /** Absolute path, as it is written, perhaps without its suffix. */
  readonly path: string;
  /** What names it. */
  readonly by: string;
}

/** The module that a file of the function, or its folder's package.json, names; undefined where none is named. */
export function namedModule(
  { value, source }: Resolved<string>,
  manifests: readonly Manifest[],
): NamedModule | undefined {
  if (!isFolder(value)) return { path: value, by: source };
  const main = manifests.find(({ folder }) => folder === value)?.main;
  if (main !== undefined) return { path: join(value, main), by: '"main" of package.json' };
  const target = exportsTarget(value);
  return target === undefined ? undefined : { path: join(value, target), by: '"exports" of package.json' };
}

/** The same for plugins, of which a folder or a file is named; that of the whole project is no place where something is made. */
export function namedPlugins({ value, source }: Resolved<string>, projectDir: string): NamedModule | undefined {
  return value === projectDir ? undefined : { path: value, by: source };
}
