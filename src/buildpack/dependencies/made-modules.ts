import { createHash } from 'node:crypto';
import { lstat, mkdtemp, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { isTaken, moveFolder } from './node-modules.ts';

/** Folders of packages, relative to the project, to the digest of what was made in each, or `DROPPED`. */
export type Generated = Readonly<Record<string, string>>;

/** What build scripts made below node_modules, such as the client of an ORM, apart from what was installed. */
export interface MadeModules {
  /** Folders of packages, relative to the project, to the SHA-256 of what was made in each, in hex. */
  readonly digests: Generated;
  /** Puts it into a new install, but for what is part of packages that this does not have; gives what of each came of it. */
  putBack(): Promise<Generated>;
  /** Lets it go. */
  remove(): Promise<void>;
}

/** Where it is made, and kept meanwhile. */
export interface MakingPlace {
  readonly projectDir: string;
  /** The folders with a node_modules, relative to the project. */
  readonly folders: readonly string[];
  /** Folder for it. */
  readonly keptIn: string;
}

/** Names of folders in which tools keep what spares them work the next time. */
const CACHES: ReadonlySet<string> = new Set(['.cache', '.tmp', '.vite', '.vite-temp']);
const MARK = '.ofn-mark';
/** What was made in a package of devDependencies. */
const DROPPED = 'dropped';

/**
 * Looks at what `work` makes or changes below node_modules, and takes it out of there; undefined where that is nothing.
 * Files that were there before are older than a mark that is made first.
 */
export async function keepingMade(place: MakingPlace, work: () => Promise<void>): Promise<MadeModules | undefined> {
  const mark = join(place.projectDir, 'node_modules', MARK);
  await writeFile(mark, '');
  const since = (await lstat(mark)).ctimeMs;
  await rm(mark);
  await work();
  const packages = new Map<string, Package>();
  for (const folder of place.folders) await look({ place, since, packages }, join(folder, 'node_modules'));
  const made = [...packages.values()].filter((one) => one.made.length > 0);
  if (made.length === 0) return undefined;
  made.sort((one, other) => byCodeUnits(one.folder, other.folder));
  const digests = made.map(async (one) => [one.folder, await digestOf(place.projectDir, one.made)] as const);
  const found: Generated = Object.fromEntries(await Promise.all(digests));
  await mkdir(place.keptIn, { recursive: true });
  const keptIn = await mkdtemp(join(place.keptIn, 'kept-'));
  for (const path of made.flatMap((one) => one.made)) {
    await moveFolder(join(place.projectDir, path), join(keptIn, path));
  }
  return {
    digests: found,
    putBack: async () => {
      const dropped: Record<string, string> = {};
      for (const { folder, isNew, made: paths } of made) {
        const home = join(place.projectDir, isNew ? ownerOf(folder) : folder);
        if (await isTaken(home)) await moveAll(paths, keptIn, place.projectDir);
        else dropped[folder] = DROPPED;
      }
      return { ...found, ...dropped };
    },
    remove: async () => rm(keptIn, { recursive: true, force: true }),
  };
}

/** Whether what was made now would give what an earlier build put into its layer. */
export function isSameGenerated(earlier: Generated, made: readonly MadeModules[]): boolean {
  const now: Generated = Object.assign({}, ...made.map(({ digests }) => digests));
  const folders = new Set([...Object.keys(earlier), ...Object.keys(now)]);
  return [...folders].every(
    (folder) => now[folder] !== undefined && [now[folder], DROPPED].includes(earlier[folder] ?? ''),
  );
}

async function moveAll(paths: readonly string[], from: string, to: string): Promise<void> {
  for (const path of paths) await moveFolder(join(from, path), join(to, path));
}

/** A folder in a node_modules, by the paths of the files in it that were made. */
interface Package {
  /** Relative to the project. */
  readonly folder: string;
  readonly made: string[];
  /** Whether all of it was made. */
  isNew: boolean;
}

interface Looking {
  readonly place: MakingPlace;
  /** Milliseconds of the file system's clock. */
  readonly since: number;
  readonly packages: Map<string, Package>;
}

async function look(looking: Looking, folder: string): Promise<void> {
  const { place, since, packages } = looking;
  const entries = await readdir(join(place.projectDir, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (CACHES.has(entry.name)) continue;
    if (entry.isDirectory()) {
      await look(looking, path);
      continue;
    }
    const home = packageOf(path);
    const one = packages.get(home) ?? { folder: home, made: [], isNew: true };
    packages.set(home, one);
    if ((await lstat(join(place.projectDir, path))).ctimeMs > since) one.made.push(path);
    else one.isNew = false;
  }
}

/** The folder of the package that a file is of: what follows the last node_modules in its path. */
function packageOf(path: string): string {
  const names = path.split(sep);
  const at = names.lastIndexOf('node_modules');
  const length = names[at + 1]?.startsWith('@') === true ? 3 : 2;
  return names.slice(0, Math.min(at + length, names.length - 1)).join(sep);
}

/** The folder whose node_modules has a package: another package, or a folder of the project. */
function ownerOf(folder: string): string {
  const names = folder.split(sep);
  return names.slice(0, names.lastIndexOf('node_modules')).join(sep);
}

async function digestOf(projectDir: string, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths.toSorted(byCodeUnits)) {
    const file = join(projectDir, path);
    const stat = await lstat(file);
    const content = stat.isSymbolicLink() ? await readlink(file) : await readFile(file);
    const what = createHash('sha256').update(content).digest('hex');
    hash.update(`${path}\0${stat.isSymbolicLink() ? 'link' : 'file'} ${what}\n`);
  }
  return hash.digest('hex');
}
