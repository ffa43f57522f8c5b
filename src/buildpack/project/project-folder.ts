import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { FnError } from '../../base/error.ts';
import { isInside } from '../../base/inside.ts';
import type { Resolved } from '../../base/setting.ts';
import { parseText, PATH } from '../config/parse.ts';
import type { BuildSetting } from '../config/setting.ts';
import { LOCK_FILES } from '../managers/choose.ts';
import { findWorkspaceRoot } from './workspace-root.ts';

/** The setting of where a project is in its repository. */
export const PROJECT_SETTINGS: { readonly folder: BuildSetting<string> } = {
  folder: {
    subject: 'project folder',
    variables: ['BP_NODE_PROJECT_PATH'],
    key: 'project',
    help: 'folder of package.json and the lock file; by itself the one nearest to the source that has a lock file',
    fallback: '',
    parse: (raw, source) => parseText(raw, source, PATH),
  },
};

/**
 * The folder whose package.json and lock file are the project's: the one that a setting names, else of those from the
 * source up to the app's root the nearest one with a lock file, the root, or the nearest one with a package.json; where that
 * is a workspace of a folder above it, that folder.
 */
export async function findProjectFolder(
  appDir: string,
  { value, source }: Resolved<string>,
  functionSource: string,
): Promise<string> {
  if (value !== '') return namedFolder(appDir, value, source);
  const folders = foldersUp(appDir, resolve(appDir, functionSource));
  const locked = await firstWith(folders, LOCK_FILES);
  const manifest = ['package.json'];
  const nearest = locked ?? (await firstWith([appDir], manifest)) ?? (await firstWith(folders, manifest)) ?? appDir;
  const root = await findWorkspaceRoot(nearest);
  return root !== undefined && isInside(appDir, root) ? root : nearest;
}

async function namedFolder(appDir: string, value: string, source: string): Promise<string> {
  const folder = resolve(appDir, value);
  if (isInside(appDir, folder) && (await firstWith([folder], ['package.json'])) !== undefined) return folder;
  throw new FnError(
    `Couldn't use the folder "${value}" from ${source}: there is no package.json in it, or it lies outside the app.`,
    {
      code: 'OFN-CONFIG',
      hint: `Set ${source} to the folder of package.json, relative to the app's root, for example packages/fn.`,
    },
  );
}

/** A path and all above it up to the app's root, the nearest first; none for a path outside. */
export function foldersUp(appDir: string, path: string): readonly string[] {
  if (!isInside(appDir, path)) return [];
  return relative(appDir, path) === '' ? [appDir] : [path, ...foldersUp(appDir, dirname(path))];
}

async function firstWith(folders: readonly string[], names: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    for (const name of names) if ((await stat(join(folder, name)).catch(() => undefined))?.isFile()) return folder;
  }
  return undefined;
}
