import { createHash } from 'node:crypto';
import { lstat, mkdtemp, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { isTaken, moveFolder } from './node-modules.ts';

/** What build scripts made below node_modules, such as the client of an ORM, apart from what was installed. */
export interface MadeModules {
  /** SHA-256 of it, in hex. */
  readonly digest: string;
  /** Puts it into a new install, but for what is part of packages that this does not have. */
  putBack(): Promise<void>;
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
  const made = [...packages.values()].flatMap((one) => one.made.map((path) => ({ path, ...one })));
  if (made.length === 0) return undefined;
  made.sort((one, other) => byCodeUnits(one.path, other.path));
  const digest = await digestOf(
    place.projectDir,
    made.map(({ path }) => path),
  );
  await mkdir(place.keptIn, { recursive: true });
  const keptIn = await mkdtemp(join(place.keptIn, 'kept-'));
  for (const { path } of made) await moveFolder(join(place.projectDir, path), join(keptIn, path));
  return {
    digest,
    putBack: async () => {
      for (const { path, folder, isNew } of made) {
        const home = join(place.projectDir, isNew ? dirname(folder) : folder);
        if (await isTaken(home)) await moveFolder(join(keptIn, path), join(place.projectDir, path));
      }
    },
    remove: async () => rm(keptIn, { recursive: true, force: true }),
  };
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

async function digestOf(projectDir: string, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    const file = join(projectDir, path);
    const stat = await lstat(file);
    const content = stat.isSymbolicLink() ? await readlink(file) : await readFile(file);
    const what = createHash('sha256').update(content).digest('hex');
    hash.update(`${path}\0${stat.isSymbolicLink() ? 'link' : 'file'} ${what}\n`);
  }
  return hash.digest('hex');
}
