import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  const folders: string[] = [];
  for await (const path of glob('*/**/package.json', { cwd: projectDir, exclude: isNotOfApp })) {
    if (isAmong(patterns, dirname(path))) folders.push(dirname(path));
  }
  const found = folders.toSorted(byCodeUnits).map(async (folder) => {
    const packageJson = await readPackageJson(join(projectDir, folder));
    return packageJson === undefined ? [] : [{ folder, packageJson }];
  });
  return (await Promise.all(found)).flat();
}
