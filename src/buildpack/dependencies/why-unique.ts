import { join } from 'node:path';
import { isFile } from '../../base/path-kind.ts';
import { isTable } from '../../base/table.ts';
import type { LockContents } from '../managers/manager.ts';
import { INSTALL_SCRIPTS, type PackageJson } from '../project/package-json.ts';
import type { Workspace } from '../project/workspaces.ts';

/** A range that is a file or folder of the app in the words of any package manager. */
const LOCAL_RANGE = /^(?:file|link|portal|patch):|^(?:\.{1,2}|~)?\//;

/** Keys of package.json, or of `pnpm` in it, that say where packages come from. */
const REPLACING = ['overrides', 'resolutions', 'catalog', 'catalogs'];
/** The key for patches: of bun in package.json, of pnpm in its `pnpm`. */
const PATCHES = 'patchedDependencies';

/** A project before its dependencies are installed. */
export interface LockedProject {
  readonly projectDir: string;
  readonly packageJson: PackageJson;
  readonly workspaces: readonly Workspace[];
  readonly lock: LockContents | undefined;
}

/**
 * Why an install may give another result for the same manifests and lock file: it reads or writes the app's own files.
 * Undefined where it does not. Links to workspaces are the same whatever these hold.
 */
export async function whyUnique(project: LockedProject): Promise<string | undefined> {
  const { packageJson, workspaces, lock } = project;
  const all = [{ folder: '', packageJson }, ...workspaces];
  for (const one of all) {
    const why = whyOf(project, one);
    if (why !== undefined) return why;
  }
  if (lock?.local !== undefined) return `the lock file makes ${lock.local} a folder of the app`;
  const known = new Set(all.map(({ folder }) => folder));
  const unknown = lock?.folders?.find((folder) => !known.has(folder));
  return unknown === undefined ? undefined : `the lock file has the folder ${unknown} of the app`;
}

function whyOf({ projectDir }: LockedProject, { folder, packageJson }: Workspace): string | undefined {
  const { raw } = packageJson;
  const manifest = join(folder, 'package.json');
  const script = Object.keys(packageJson.scripts).find((name) => INSTALL_SCRIPTS.has(name));
  if (script !== undefined) return `${manifest} has a "${script}" script`;
  const local = Object.entries(packageJson.dependencies).find(([, range]) => LOCAL_RANGE.test(range));
  if (local !== undefined) return `"${local[0]}" is a folder of the app`;
  const tables = [raw, raw['pnpm']].filter(isTable);
  if (tables.some((table) => hasEntries(table[PATCHES]))) return `${manifest} patches packages`;
  if (tables.some((table) => REPLACING.some((key) => hasLocal(table[key])))) {
    return `${manifest} replaces packages by files of the app`;
  }
  if (!isFile(join(projectDir, folder, 'binding.gyp'))) return undefined;
  return folder === '' ? 'the app is a native module itself' : `${folder} is a native module itself`;
}

function hasEntries(value: unknown): boolean {
  return isTable(value) && Object.keys(value).length > 0;
}

/** Whether a range in it is a file or folder of the app. */
function hasLocal(value: unknown): boolean {
  if (typeof value === 'string') return LOCAL_RANGE.test(value);
  if (!isTable(value)) return false;
  return Object.values(value).some(hasLocal);
}
