import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { readTextIfPresent } from './json-file.ts';
import { isNotOfApp } from './own-folders.ts';
import { readPackageJson, type PackageJson } from './package-json.ts';
import { isAmong, WORKSPACE_KINDS } from './workspace-kinds.ts';

/** A folder that the package manager of a project counts to it, with packages of its own. */
export interface Workspace {
  /** Relative to the project. */
  readonly folder: string;
  readonly packageJson: PackageJson;
}

/**
 * The workspaces of a project, by their folders, as those managers see them that write one of `lockFiles`;
 * OFN-PACKAGE-JSON when a manifest is broken.
 */
export async function findWorkspaces(projectDir: string, lockFiles: readonly string[]): Promise<readonly Workspace[]> {
  const kind = WORKSPACE_KINDS.find(({ locks }) => lockFiles.some((name) => locks.includes(name)));
  const text = kind && (await readTextIfPresent(join(projectDir, kind.file), 'OFN-CONFIG'));
  const patterns = text === undefined ? [] : (kind?.patternsIn(text) ?? []);
  if (patterns.length === 0) return [];
  const folders = (await foldersWithManifest(projectDir)).filter((folder) => isAmong(patterns, folder));
  const found = folders.toSorted(byCodeUnits).map(async (folder) => {
    const packageJson = await readPackageJson(join(projectDir, folder));
    return packageJson === undefined ? [] : [{ folder, packageJson }];
  });
  return (await Promise.all(found)).flat();
}

/** The folders below a project that have a package.json, relative to it; `ofn` asks too, on a Node.js without `glob`. */
async function foldersWithManifest(projectDir: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(projectDir, below), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !isNotOfApp(entry.name));
  const deeper = folders.map(async ({ name }) => foldersWithManifest(projectDir, join(below, name)));
  const own = below !== '' && entries.some(({ name }) => name === 'package.json') ? [below] : [];
  return [...own, ...(await Promise.all(deeper)).flat()];
}
