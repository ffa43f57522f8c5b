import { glob, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isTable, type Table } from '../../base/table.ts';
import { isInside } from '../../base/inside.ts';
import { isNotOfApp } from '../project/own-folders.ts';
import { STORES } from '../project/package-stores.ts';

/** A package on disk: one that is installed, or a folder of the app that has a package.json. */
export interface InstalledPackage {
  /** Relative to the app; '' is the app itself. */
  readonly folder: string;
  readonly manifest: Table;
}

/** All packages of an app, and which one each of them finds by a name. */
export interface Installed {
  /** Those in a `node_modules`, by their folders. */
  readonly packages: ReadonlyMap<string, InstalledPackage>;
  /** All folders of the app with a package.json. */
  readonly manifests: ReadonlyMap<string, InstalledPackage>;
  /** Those among them that count: the app, and what packages find by a name or have packages of their own. */
  readonly members: ReadonlyMap<string, InstalledPackage>;
  /** The folder of the package that Node.js finds for a name; undefined where there is none, or none of the app. */
  find(from: string, name: string): string | undefined;
}

const NODE_MODULES = 'node_modules';

/**
 * Reads which packages an app has, by the `package.json` of each: the ones in its `node_modules`, and its own folders.
 * Links out of the app are passed over, because what they lead to is not the app's; but where its dependencies are in a
 * layer, its `node_modules` is such a link. `links` are those of a layer that is not on disk, path to path in the app.
 */
export async function readInstalled(
  appDir: string,
  inLayer: boolean,
  links: Readonly<Record<string, string>> = {},
): Promise<Installed> {
  const places = new Map(Object.entries(links));
  const packages = new Map<string, InstalledPackage>();
  const manifests = await readManifests(appDir);
  const reading = { appDir, places, packages };
  for (const folder of new Set(['', ...manifests.keys()])) {
    const nodeModules = join(folder, NODE_MODULES);
    if (inLayer || !(await leadsOut(appDir, nodeModules))) await readFolder(reading, nodeModules);
  }
  return { packages, manifests, members: usedOf(manifests, places), find: (from, name) => find(places, from, name) };
}

/** The folders of an app with a package.json, relative to it, and not what is installed. */
export async function readManifests(appDir: string): Promise<ReadonlyMap<string, InstalledPackage>> {
  const manifests = new Map<string, InstalledPackage>();
  for await (const path of glob('**/package.json', { cwd: appDir, exclude: isNotOfApp })) {
    const folder = dirname(path) === '.' ? '' : dirname(path);
    const manifest = await readManifest(join(appDir, folder));
    if (manifest !== undefined) manifests.set(folder, { folder, manifest });
  }
  return manifests;
}

interface Reading {
  readonly appDir: string;
  /** Where something has a name in a `node_modules`, to the folder that is meant. */
  readonly places: Map<string, string>;
  readonly packages: Map<string, InstalledPackage>;
}

/** Reads one `node_modules`, and those of the packages in it. */
async function readFolder(reading: Reading, folder: string): Promise<void> {
  const entries = await readdir(join(reading.appDir, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && STORES.has(entry.name)) {
      const kept = await readdir(join(reading.appDir, path));
      for (const name of kept) await readFolder(reading, join(path, name, NODE_MODULES));
    } else if (entry.name.startsWith('@') && entry.isDirectory()) {
      await readFolder(reading, path);
    } else if (entry.isSymbolicLink()) {
      await readLink(reading, path);
    } else if (entry.isDirectory() && !entry.name.startsWith('.')) {
      await readPackage(reading, path);
    }
  }
}

async function readPackage({ appDir, places, packages }: Reading, folder: string): Promise<void> {
  const manifest = await readManifest(join(appDir, folder));
  if (manifest === undefined) return;
  places.set(folder, folder);
  packages.set(folder, { folder, manifest });
  await readFolder({ appDir, places, packages }, join(folder, NODE_MODULES));
}

async function readLink({ appDir, places }: Reading, path: string): Promise<void> {
  const target = await targetOf(appDir, path);
  if (isInside(appDir, target)) places.set(path, relative(appDir, target));
}

async function leadsOut(appDir: string, path: string): Promise<boolean> {
  return targetOf(appDir, path).then(
    (target) => !isInside(appDir, target),
    () => false,
  );
}

/** What a link of the app leads to, absolute. */
async function targetOf(appDir: string, path: string): Promise<string> {
  return resolve(appDir, dirname(path), await readlink(join(appDir, path)));
}

function usedOf(
  manifests: ReadonlyMap<string, InstalledPackage>,
  places: ReadonlyMap<string, string>,
): Map<string, InstalledPackage> {
  const used = new Set(['', ...places.values()]);
  for (const place of places.keys()) used.add(place.slice(0, Math.max(0, place.indexOf(NODE_MODULES) - 1)));
  return new Map([...manifests].filter(([folder]) => used.has(folder)));
}

function find(places: ReadonlyMap<string, string>, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = places.get(join(folder, NODE_MODULES, name));
    if (found !== undefined) return found;
    if (folder === '' || folder === '.') return undefined;
  }
}

async function readManifest(folder: string): Promise<Table | undefined> {
  try {
    const manifest: unknown = JSON.parse((await readFile(join(folder, 'package.json'), 'utf8')).replace(/^\uFEFF/, ''));
    return isTable(manifest) ? manifest : undefined;
  } catch {
    // Node.js runs what is beside a broken package.json too; nobody knows what it is.
    return undefined;
  }
}
