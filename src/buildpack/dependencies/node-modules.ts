import { lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import { allBelow } from '../../base/folders.ts';
import { isInside } from '../../base/inside.ts';
import { fileError } from '../../libcnb/text-file.ts';

const NODE_MODULES = 'node_modules';
/** Names inside a node-gyp build folder that only the compiler needs; they hold paths and options of the build. */
const GYP_LEFTOVERS = /^(?:Makefile|config\.gypi|.*\.mk|.*\.Makefile|\.deps|obj|obj\.target)$/;

/** Every node_modules of a project, absolute: `folders` are those that have one, relative to it. */
export function nodeModulesIn(projectDir: string, folders: readonly string[]): readonly string[] {
  return folders.map((folder) => join(projectDir, folder, NODE_MODULES));
}

/** Removes what native builds leave beside their `.node` files, so that the same lock file gives the same bytes. */
export async function removeBuildLeftovers(projectDir: string, folders: readonly string[]): Promise<void> {
  const all = nodeModulesIn(projectDir, folders).flatMap(allBelow);
  const builds = all.filter(({ name, parentPath }) => name === 'config.gypi' && basename(parentPath) === 'build');
  for (const { parentPath: build } of builds) {
    for (const one of [build, join(build, 'Release'), join(build, 'Debug')]) await removeLeftoversIn(one);
  }
}

async function removeLeftoversIn(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const leftovers = names.filter((name) => GYP_LEFTOVERS.test(name));
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/**
 * Makes links that lead out of every node_modules of a project, as npm makes them to workspaces and `file:` dependencies,
 * absolute: they lead to the same folder of the app wherever these are moved. Links from one node_modules to another stay
 * as they are, because all are moved together. Gives those to the project, path to path, relative to it.
 */
export async function anchorLinks(
  projectDir: string,
  folders: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const installed = nodeModulesIn(projectDir, folders);
  const anchored = new Map<string, string>();
  for (const nodeModules of installed) {
    for (const link of linksIn(nodeModules)) {
      const target = resolve(dirname(link), await readlink(link));
      if (installed.some((one) => isInside(one, target))) continue;
      await linkTo(target, link);
      if (isInside(projectDir, target)) anchored.set(relative(projectDir, link), relative(projectDir, target));
    }
  }
  return anchored;
}

function linksIn(folder: string): readonly string[] {
  const links = allBelow(folder).filter((entry) => entry.isSymbolicLink());
  return links.map(({ name, parentPath }) => join(parentPath, name));
}

/** Moves a folder, also to another file system. */
export async function moveFolder(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    // App and layers are two volumes, and Node.js copies a file at a time: that took longer than many an install.
    const { failed, stderr } = await execa('mv', [from, to], { reject: false });
    const [line = ''] = stderr.split('\n');
    if (failed) throw fileError('write', to, line.replace(/^mv: /, ''));
  }
}

/** Whether something, even a dangling link, is at `path`. */
export async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Makes `path` a symbolic link to `target`, in place of whatever is there. */
export async function linkTo(target: string, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}
