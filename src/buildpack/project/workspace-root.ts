import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isFile } from '../../base/path-kind.ts';
import { isAmong, WORKSPACE_KINDS, type WorkspaceKind } from './workspace-kinds.ts';

/**
 * The nearest folder above `folder` that counts it among its workspaces: there a package manager would install, with the
 * lock file of all. A folder with a lock file of its own is asked about in the terms of the managers that read it.
 */
export async function findWorkspaceRoot(folder: string): Promise<string | undefined> {
  const locked = WORKSPACE_KINDS.filter(({ locks }) => locks.some((name) => isFile(join(folder, name))));
  const kinds = locked.length > 0 ? locked : WORKSPACE_KINDS;
  const roots = await Promise.all(kinds.map(async (kind) => rootOf(folder, kind)));
  return roots.find((root) => root !== undefined);
}

async function rootOf(folder: string, kind: WorkspaceKind): Promise<string | undefined> {
  const { file, nearestAlone } = kind;
  if (nearestAlone && isFile(join(folder, file))) return undefined;
  for (const above of foldersAbove(folder)) {
    const text = await readFile(join(above, file), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    if (isAmong(kind.patternsIn(text), relative(above, folder))) return above;
    if (nearestAlone) return undefined;
  }
  return undefined;
}

function foldersAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}
