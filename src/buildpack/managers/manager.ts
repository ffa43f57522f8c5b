import type { Environment } from '../../base/setting.ts';
import type { FailureRow } from './failure.ts';
import type { StandIn } from './stand-in.ts';

/** Package managers by the name that `packageManager` of package.json has for them. */
export type ManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** What a lock file says, as far as the build has to know. */
export interface LockContents {
  /** Whether it has a package besides the app itself. */
  readonly hasPackages: boolean;
  /** A package that the lock file makes a folder or a file of the app, when there is one. */
  readonly local?: string | undefined;
  /** The folders of the app that it installs for, relative to the project. */
  readonly folders?: readonly string[];
}

/** One install, as a package manager has to be told of it. */
export interface InstallRequest {
  /** The version that runs; undefined for the one of the builder. */
  readonly version: string | undefined;
  /** With a lock file the install is exact, else the manager resolves the ranges. */
  readonly locked: boolean;
  /** Without devDependencies. */
  readonly production: boolean;
  /** The framework was taken out of the lock file, which is therefore not what this manager would write. */
  readonly patched: boolean;
  /** No install script may run, neither of a package nor of the app. */
  readonly ignoreScripts: boolean;
  /** Folder of the app. */
  readonly appDir: string;
  /** The registry of npm's configuration, for managers that do not read it. */
  readonly registry: () => Promise<string>;
  /** Folder for downloads that outlives the build where a cache does. */
  readonly cacheDir: string;
}

/** How a manager is called. */
export interface ManagerCall {
  readonly args: readonly string[];
  readonly env: Environment;
}

/** A package of the registry that is, or is part of, a package manager. */
export interface ProgramPackage {
  /** Its name. */
  readonly name: string;
  /** The file of it that the hash in `packageManager` is of, when it is not the tarball. */
  readonly hashed?: string;
}

/** A package manager among the files of a project. */
export interface OwnProgram {
  /** Its file, relative to the app. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** One package manager: what it reads, where it comes from, how it installs and how it fails. */
export interface PackageManager {
  readonly name: ManagerName;
  /** Whether it is the one for a version in `packageManager`; without it, it is for all. */
  serves?(version: string | undefined): boolean;
  /** Whether it wrote a lock file of one of its names; without it, it did. */
  wrote?(lockText: string): boolean;
  /** A program that the project brings along, with the name of its file. */
  ownProgram?(appDir: string): Promise<OwnProgram | undefined>;
  /** Its lock files, the one that wins first. */
  readonly lockFiles: readonly [string, ...string[]];
  /** Whether a lock file, be it empty, is what keeps it from taking a folder above the app for the project. */
  readonly endsAtLockFile?: boolean;
  /** Files beside package.json and the lock file that decide what it installs. */
  readonly settingsFiles: readonly string[];
  /** Whether it can leave devDependencies out by itself. */
  readonly omitsDev: boolean;
  /** Why its settings files, in their order, make every install another one. */
  whyUnique?(settings: readonly (string | undefined)[]): string | undefined;
  /** The command with which people write the lock file. */
  readonly lockCommand: string;
  /** Reads a lock file. */
  readLock(text: string, path: string): LockContents;
  /** The lock file without a package that the image has by itself. */
  withoutPackage(lockText: string, name: string): string;
  /** How it is told that a folder stands in for the framework, where nothing is locked. */
  standIn(folder: string): StandIn;
  /**
   * Whether it makes names of folders out of addresses: then it is shown addresses without passwords, which it gets
   * apart, with its settings.
   */
  readonly namesByAddress?: boolean;
  /** The packages that were locked, for managers whose own check of frozen lock files a patched one would not pass. */
  lockedPackages?(lockText: string): ReadonlySet<string>;
  /** The version to take when the project names none: the one that wrote the lock file; undefined for the builder's. */
  versionFor(lockText: string | undefined): string | undefined;
  /** Where a version comes from. */
  packagesOf(version: string, arch: string): readonly [ProgramPackage, ...ProgramPackage[]];
  /** The command that starts it out of the folder in which its packages are unpacked, one below the other by name. */
  program(folder: string, version: string, arch: string): Promise<readonly [string, ...string[]]>;
  /** How to call it for an install. */
  install(request: InstallRequest): Promise<ManagerCall>;
  /** What makes an install take optional packages for another architecture, as Node.js names it; where a version can. */
  foreignFlags?(arch: string, version: string | undefined): readonly string[];
  /** What it prints of packages whose install scripts its own policy, or the project's, kept from running. */
  readonly blocked?: RegExp;
  /** What every run of it needs in its environment, also when a script calls it. */
  readonly runs?: Environment;
  /** Known failures, the first that matches its output is told. */
  readonly failures: readonly FailureRow[];
  /** Files and folders of the app that it makes besides node_modules. */
  readonly makes: readonly string[];
  /** Files and folders of the app for it alone, such as packages that need no download: the image needs them no more. */
  readonly leftOut?: readonly string[];
  /** Files of node_modules that hold times or paths of the build. */
  readonly leftovers: readonly string[];
}
