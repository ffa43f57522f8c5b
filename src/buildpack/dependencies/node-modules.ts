import { cp, glob, lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isInside } from '../../base/inside.ts';

/** Names inside a node-gyp build folder that only the compiler needs; they hold paths and options of the build. */
const GYP_LEFTOVERS = /^(?:Makefile|config\.gypi|.*\.mk|.*\.Makefile|\.deps|obj|obj\.target)$/;

/** Removes what native builds leave beside their `.node` files, so that the same lock file gives the same bytes. */
export async function removeBuildLeftovers(nodeModules: string): Promise<void> {
  // A pattern with ** passes over folders that begin with a dot, such as pnpm's.
  const configs = ['**/build/config.gypi', '.pnpm/*/node_modules/**/build/config.gypi'];
  for await (const config of glob(configs, { cwd: nodeModules })) {
    const build = join(nodeModules, dirname(config));
    for (const folder of [build, join(build, 'Release'), join(build, 'Debug')]) await removeLeftoversIn(folder);
  }
}

async function removeLeftoversIn(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const leftovers = names.filter((name) => GYP_LEFTOVERS.test(name));
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/**
 * Makes links that lead out of `nodeModules`, as npm makes them to workspaces and `file:` dependencies, absolute: they
 * lead to the same folder of the app wherever `nodeModules` is moved. Gives them, each relative to `nodeModules`, to
 * where they lead, absolute.
 */
export async function anchorLinks(nodeModules: string): Promise<ReadonlyMap<string, string>> {
  const anchored = new Map<string, string>();
  for (const entry of await readdir(nodeModules, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const link = join(entry.parentPath, entry.name);
    const target = resolve(entry.parentPath, await readlink(link));
    if (isInside(nodeModules, target)) continue;
    await linkTo(target, link);
    anchored.set(relative(nodeModules, link), target);
  }
  return anchored;
}

/** Moves a folder, also to another file system. */
export async function moveFolder(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await rm(from, { recursive: true });
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
