import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FnError } from '../base/error.ts';
import type { Architectures } from './foreign-code.ts';
import { FRAMEWORK } from './framework-package.ts';
import { readTextIfPresent } from './json-file.ts';
import { chooseManager, type ManagerChoice } from './managers/choose.ts';
import type { LockContents } from './managers/manager.ts';
import type { InstallScripts } from './managers/settings.ts';
import { INSTALL_SCRIPTS, type PackageJson } from './package-json.ts';
import { isInside } from './project-folder.ts';

/** A range that is a file or folder of the app in the words of any package manager. */
const LOCAL_RANGE = /^(?:file|link|portal|workspace|patch):|^(?:\.{1,2}|~)?\//;

/** What decides the content of node_modules beside the app's own files. */
export interface Toolchain {
  /** Node's module ABI, `process.versions.modules`. */
  readonly abi: string;
  readonly architectures: Architectures;
}

/** What a build has to know before it looks for dependencies. */
export interface DependencyRequest extends Toolchain {
  /** There are build scripts: devDependencies count too. */
  readonly development?: boolean;
  /** The image is not for production: devDependencies stay in it. */
  readonly keepsDevelopment?: boolean;
  /** Whose install scripts run. */
  readonly installScripts: InstallScripts;
  /** For how many days locked versions must have been published; 0 without it. */
  readonly minimumAge?: number;
  /** The whole app, where the project is a folder of it. */
  readonly appDir?: string;
}

/** What has to be installed for an app. */
export interface Dependencies {
  /** The package manager, with the lock file it goes by. */
  readonly choice: ManagerChoice;
  readonly architectures: Architectures;
  /** Whose install scripts run. */
  readonly installScripts: InstallScripts;
  /** For how many days locked versions must have been published. */
  readonly minimumAge: number;
  /** SHA-256 of all that decides the content of node_modules, in hex. */
  readonly key: string;
  /** Without devDependencies. */
  readonly production: boolean;
  /** Why node_modules can't be taken over from the image of the previous build, or undefined when it can. */
  readonly unique: string | undefined;
}

/** Finds what has to be installed; undefined when the app needs nothing. */
export async function findDependencies(
  projectDir: string,
  packageJson: PackageJson | undefined,
  {
    abi,
    architectures,
    development = false,
    keepsDevelopment = false,
    installScripts,
    minimumAge = 0,
    appDir = projectDir,
  }: DependencyRequest,
): Promise<Dependencies | undefined> {
  if (packageJson === undefined) return undefined;
  const choice = await chooseManager(projectDir, packageJson);
  const { lock, manager, version, hash } = choice;
  const contents = lock && manager.readLock(lock.text, join(projectDir, lock.name));
  const settings = await Promise.all(
    manager.settingsFiles.map((name) => readTextIfPresent(join(projectDir, name), 'OFN-CONFIG')),
  );
  const unique = manager.whyUnique?.(settings) ?? (await whyUnique(projectDir, packageJson, contents));
  const developed = keepsDevelopment ? (packageJson.raw['devDependencies'] ?? {}) : undefined;
  const isListed =
    development ||
    developed !== undefined ||
    hasDependencies(packageJson) ||
    hasWorkspaces(packageJson) ||
    contents?.hasPackages === true;
  if (!isListed && manager.whyUnique?.(settings) === undefined) return undefined;
  refuseOutside(appDir, projectDir, packageJson);
  const program = [manager.name, version, hash];
  const manifest = manifestOf(packageJson);
  const parts = [program, lock?.text, settings, manifest, abi, architectures.target, installScripts];
  // What is taken over was old enough when it was installed.
  const aged = minimumAge === 0 ? [] : [{ minimumAge }];
  const key = digest([...parts, ...(developed === undefined ? [] : [developed]), ...aged]);
  return { choice, architectures, installScripts, minimumAge, key, production: !keepsDevelopment, unique };
}

/** Whether there is a dependency besides the framework, which is in the image anyway. */
function hasDependencies({ dependencies }: PackageJson): boolean {
  return Object.keys(dependencies).some((name) => name !== FRAMEWORK.name);
}

function hasWorkspaces({ raw }: PackageJson): boolean {
  return raw['workspaces'] !== undefined;
}

/** The build has the app's folder and nothing beside it. */
function refuseOutside(appDir: string, projectDir: string, { dependencies }: PackageJson): void {
  const outside = Object.entries(dependencies).find(([, range]) => {
    const path = /^(?:(?:file|link):)?(\.\.(?:\/.*)?)$/.exec(range)?.[1];
    return path !== undefined && !isInside(appDir, resolve(projectDir, path));
  });
  if (outside === undefined) return;
  const [name, range] = outside;
  throw new FnError(`Couldn't install ${name}: "${range}" in package.json lies outside of the app's folder.`, {
    code: 'OFN-DEPS-NOT-FOUND',
    hint: 'Build from the folder that holds both and name the function with FUNC_SRC, or install the package from a registry or as a tarball inside the app.',
  });
}

/** What of package.json package managers look at when they install. */
function manifestOf(packageJson: PackageJson): unknown {
  const keys = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'overrides'];
  const more = [
    'resolutions',
    'dependenciesMeta',
    'trustedDependencies',
    'pnpm',
    'installConfig',
    'catalog',
    'catalogs',
  ];
  return [...keys, ...more].map((key) => packageJson.raw[key] ?? {});
}

/** Installs that read or write the app's own files give another result for the same key: they run in every build. */
async function whyUnique(
  appDir: string,
  packageJson: PackageJson,
  lock: LockContents | undefined,
): Promise<string | undefined> {
  const script = Object.keys(packageJson.scripts).find((name) => INSTALL_SCRIPTS.has(name));
  if (script !== undefined) return `package.json has a "${script}" script`;
  const local = Object.entries(packageJson.dependencies).find(([, range]) => LOCAL_RANGE.test(range));
  if (local !== undefined) return `"${local[0]}" is a folder of the app`;
  if (hasWorkspaces(packageJson)) return 'package.json has workspaces';
  if (lock?.local !== undefined) return `the lock file makes ${lock.local} a folder of the app`;
  if (await exists(join(appDir, 'binding.gyp'))) return 'the app is a native module itself';
  return undefined;
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
