import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import { isTable, readJsonTable, readTextIfPresent } from './json-file.ts';
import { INSTALL_SCRIPTS, type PackageJson } from './package-json.ts';

/** npm's lock files, the one that wins first: https://docs.npmjs.com/cli/configuring-npm/npm-shrinkwrap-json */
const LOCK_FILES = ['npm-shrinkwrap.json', 'package-lock.json'] as const;
const FOREIGN_LOCK_FILES = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'] as const;
/** What decides the content of node_modules beside the app's own files. */
export interface Toolchain {
  /** Node's module ABI, `process.versions.modules`. */
  readonly abi: string;
  /** Target architecture in the spec's terms: amd64, arm64. */
  readonly arch: string;
}

/** What has to be installed for an app. */
export interface Dependencies {
  readonly lockFile: (typeof LOCK_FILES)[number] | undefined;
  /** SHA-256 of all that decides the content of node_modules, in hex. */
  readonly key: string;
  /** Why node_modules can't be taken over from the image of the previous build, or undefined when it can. */
  readonly unique: string | undefined;
}

/** Finds what npm has to install; undefined when the app needs nothing. */
export async function findDependencies(
  appDir: string,
  packageJson: PackageJson | undefined,
  toolchain: Toolchain,
): Promise<Dependencies | undefined> {
  if (packageJson === undefined) return undefined;
  const lock = await readLock(appDir);
  const named = Object.keys(packageJson.dependencies).length > 0 || packageJson.raw['workspaces'] !== undefined;
  if (!named && !hasPackages(lock?.packages)) return undefined;
  if (lock === undefined) await refuseForeignLock(appDir);
  refuseOutside(packageJson);
  const settings = await readTextIfPresent(join(appDir, '.npmrc'), 'OFN-CONFIG');
  return {
    lockFile: lock?.file,
    key: digest([lock?.text, settings, manifestOf(packageJson), toolchain]),
    unique: await whyUnique(appDir, packageJson, lock?.packages),
  };
}

async function readLock(
  appDir: string,
): Promise<{ file: (typeof LOCK_FILES)[number]; text: string; packages: unknown } | undefined> {
  for (const file of LOCK_FILES) {
    const text = await readTextIfPresent(join(appDir, file), 'OFN-DEPS-LOCK');
    if (text === undefined) continue;
    const table = await readJsonTable(join(appDir, file), 'OFN-DEPS-LOCK');
    // Version 1 of the format has a tree of `dependencies` instead.
    return { file, text, packages: table?.['packages'] ?? table?.['dependencies'] };
  }
  return undefined;
}

/** Whether a lock file has a package besides the app itself. */
function hasPackages(packages: unknown): boolean {
  return isTable(packages) && Object.keys(packages).some((path) => path !== '');
}

async function refuseForeignLock(appDir: string): Promise<void> {
  for (const file of FOREIGN_LOCK_FILES) {
    if (!(await exists(join(appDir, file)))) continue;
    throw new FnError(
      `Couldn't choose a package manager: ${file} is there, and this version installs with npm alone.`,
      {
        code: 'OFN-DEPS-MANAGER',
        hint: `Run "npm install --package-lock-only" and commit package-lock.json beside ${file}.`,
      },
    );
  }
}

/** The build has the app's folder and nothing beside it. */
function refuseOutside({ dependencies }: PackageJson): void {
  const outside = Object.entries(dependencies).find(([, range]) => /^(?:(?:file|link):)?\.\.(?:\/|$)/.test(range));
  if (outside === undefined) return;
  const [name, range] = outside;
  throw new FnError(`Couldn't install ${name}: "${range}" in package.json lies outside of the app's folder.`, {
    code: 'OFN-DEPS-NOT-FOUND',
    hint: 'Build from the folder that holds both and name the function with FUNC_SRC, or install the package from a registry or as a tarball inside the app.',
  });
}

/** What of package.json npm looks at when it installs. */
function manifestOf(packageJson: PackageJson): unknown {
  const keys = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'overrides'];
  return keys.map((key) => packageJson.raw[key] ?? {});
}

/** Installs that read or write the app's own files give another result for the same key: they run in every build. */
async function whyUnique(
  appDir: string,
  packageJson: PackageJson,
  lockedPackages: unknown,
): Promise<string | undefined> {
  const script = Object.keys(packageJson.scripts).find((name) => INSTALL_SCRIPTS.has(name));
  if (script !== undefined) return `package.json has a "${script}" script`;
  const local = Object.entries(packageJson.dependencies).find(([, range]) => /^(file|link):|^[./~]/.test(range));
  if (local !== undefined) return `"${local[0]}" is a folder of the app`;
  if (packageJson.raw['workspaces'] !== undefined) return 'package.json has workspaces';
  const linked = Object.entries(isTable(lockedPackages) ? lockedPackages : {}).find(isLink)?.[0];
  if (linked !== undefined) return `the lock file makes ${linked} a folder of the app`;
  if (await exists(join(appDir, 'binding.gyp'))) return 'the app is a native module itself';
  return undefined;
}

function isLink([, entry]: readonly [string, unknown]): boolean {
  return isTable(entry) && entry['link'] === true;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
