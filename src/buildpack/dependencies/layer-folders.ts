import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isTaken, linkTo, moveFolder } from './node-modules.ts';

/**
 * Where the packages of a project and of its workspaces lie in their layer: each node_modules at the path that it has in
 * the project, so that links and lookups from one to another are as they were. What the lifecycle knows folders of a layer
 * by, such as `bin`, are files in them, and here there are folders alone.
 */
interface LayerOfProject {
  /** Folder of the layer. */
  readonly layer: string;
  readonly projectDir: string;
}

const NODE_MODULES = 'node_modules';

/** Moves what was installed into the layer, leaves links to it, and gives the folders that had something. */
export async function moveInstalled(
  { layer, projectDir }: LayerOfProject,
  folders: readonly string[],
): Promise<readonly string[]> {
  const moved: string[] = [];
  for (const folder of folders) {
    const installed = join(projectDir, folder, NODE_MODULES);
    if (!(await isTaken(installed))) continue;
    await moveFolder(installed, join(layer, folder, NODE_MODULES));
    moved.push(folder);
  }
  await linkInstalled({ layer, projectDir }, moved);
  return moved;
}

/** Links each node_modules of a project to that in the layer, be it on disk or not. */
export async function linkInstalled({ layer, projectDir }: LayerOfProject, folders: readonly string[]): Promise<void> {
  for (const folder of folders) await linkTo(join(layer, folder, NODE_MODULES), join(projectDir, folder, NODE_MODULES));
}

/**
 * Works while a layer that is not on disk has its links to the project, path to path: these are the app's own files,
 * which are there.
 */
export async function withLinks<T>(
  { layer, projectDir }: LayerOfProject,
  links: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    for (const [path, target] of Object.entries(links)) await linkTo(join(projectDir, target), join(layer, path));
    return await work();
  } finally {
    await rm(layer, { recursive: true, force: true });
  }
}
