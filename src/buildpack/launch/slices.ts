import { readdir, lstat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';

/** Folders of the app from this size on are layers of their own, in bytes. */
const LARGE = 1024 * 1024;
/** The largest ones alone: every layer costs something where images are pulled and mounted. */
const MOST_FOLDERS = 8;
/** What says which dependencies there are: it stays while the source changes. */
const MANIFESTS: readonly string[] = [
  'bun.lock',
  'bun.lockb',
  'npm-shrinkwrap.json',
  'package-lock.json',
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
];

/**
 * Parts the app's files into layers, so that a change of the source makes small ones anew: manifests and lock files, and
 * each large folder that does not hold the function's module. All else is the last layer. The lists are patterns of
 * launch.toml, sorted.
 */
export async function sliceApp(appDir: string, modulePath: string): Promise<readonly (readonly string[])[]> {
  const entries = await readdir(appDir, { withFileTypes: true });
  const names = new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
  const manifests = MANIFESTS.filter((name) => names.has(name));
  const own = relative(appDir, modulePath).split(sep)[0];
  const folders: { readonly name: string; readonly size: number }[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === own) continue;
    const size = await sizeOf(join(appDir, entry.name));
    if (size >= LARGE) folders.push({ name: entry.name, size });
  }
  const largest = folders.toSorted((a, b) => b.size - a.size || byCodeUnits(a.name, b.name)).slice(0, MOST_FOLDERS);
  const slices = largest.map(({ name }) => [escapePattern(name)]).toSorted(([a = ''], [b = '']) => byCodeUnits(a, b));
  return manifests.length === 0 ? slices : [manifests, ...slices];
}

/** Bytes of the files in a folder. */
async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) size += await sizeOf(path);
    else if (entry.isFile()) size += (await lstat(path)).size;
  }
  return size;
}

/** A name as a pattern of Go's filepath.Match that matches it alone. */
function escapePattern(name: string): string {
  return name.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);
}
