import { chmod, copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gte } from 'semver';
import { nodeArchitecture } from '../../base/architecture.ts';
import { FnError } from '../../base/error.ts';
import { isFile } from '../../base/path-kind.ts';
import { withoutEntries } from './lock-text.ts';
import type { InstallRequest, LockContents, ManagerCall, PackageManager, ProgramPackage } from './manager.ts';

/** The first version that is a binary, in packages beside the one of its name. */
const BINARY = 12;
const SETTINGS = 'pnpm-workspace.yaml';
const UNLOCKED = 'Run "pnpm install" and commit the lock file it writes.';

/** pnpm: https://pnpm.io/cli/install */
export const PNPM: PackageManager = {
  name: 'pnpm',
  lockFiles: ['pnpm-lock.yaml'],
  settingsFiles: [SETTINGS, '.npmrc', '.pnpmfile.cjs', '.pnpmfile.mjs'],
  omitsDev: true,
  namesByAddress: true,
  lockCommand: 'pnpm install',
  whyUnique: ([workspace = '']) =>
    /^patchedDependencies:/m.test(workspace) ? 'pnpm-workspace.yaml patches dependencies' : undefined,
  readLock,
  withoutPackage: withoutEntries,
  versionFor,
  packagesOf,
  program,
  install,
  foreignFlags: (arch, version = '') =>
    gte(version, '10.14.0') ? [`--cpu=${arch}`, '--os=linux', '--libc=glibc'] : [],
  blocked: /Ignored build scripts: (.+?)\.?\s*(?:│|\n)/g,
  runs: {
    CI: 'true',
    npm_config_update_notifier: 'false',
    // It is the version that was asked for; another one would be fetched past what was verified.
    npm_config_manage_package_manager_versions: 'false',
    pnpm_config_pm_on_fail: 'ignore',
    // The manifests are those of the install, without the framework.
    npm_config_verify_deps_before_run: 'false',
    pnpm_config_verify_deps_before_run: 'false',
  },
  makes: ['.pnpm-store'],
  // They hold the time of the install, the folder of the store, and addresses with their passwords.
  leftovers: ['.pnpm/lock.yaml', '.modules.yaml', '.pnpm-workspace-state.json', '.pnpm-workspace-state-v1.json'],
  failures: [
    {
      pattern: /ERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|LOCKFILE_MISSING_DEPENDENCY|NO_LOCKFILE)/,
      code: 'OFN-DEPS-LOCK',
      what: 'package.json and the lock file disagree',
      hint: UNLOCKED,
    },
    {
      pattern: /ERR_PNPM_(?:BROKEN_LOCKFILE|LOCKFILE_BREAKING_CHANGE)/,
      code: 'OFN-DEPS-LOCK',
      what: 'the lock file can not be read',
      hint: UNLOCKED,
    },
    {
      pattern: /ERR_PNPM_(?:FETCH_404|NO_MATCHING_VERSION\w*|WORKSPACE_PKG_NOT_FOUND|NO_VERSIONS)/,
      code: 'OFN-DEPS-NOT-FOUND',
      what: 'a package or version is not in the registry',
      hint: 'Correct its name and version in package.json; a private package needs its registry in .npmrc.',
    },
    {
      pattern: /ERR_PNPM_FETCH_40[13]/,
      code: 'OFN-DEPS-AUTH',
      what: 'the registry refused the credentials',
      hint: 'Give the build an .npmrc with a valid token for that registry: in the app, or as a service binding of type "npmrc".',
    },
    {
      pattern: /ERR_PNPM_TARBALL_INTEGRITY/,
      code: 'OFN-DEPS-INTEGRITY',
      what: 'a package differs from what the lock file promises',
      hint: 'Find out why the registry serves other bytes; when that is meant, run "pnpm install" and commit the lock file.',
    },
    {
      pattern: /ERR_PNPM_IGNORED_BUILDS/,
      code: 'OFN-DEPS-INSTALL',
      what: 'packages have install scripts, and nothing says whether they may run',
      hint: 'Run "pnpm approve-builds" and commit what it writes, or name those that may in BP_INSTALL_SCRIPTS, or set it to "off".',
    },
  ],
};

/** A pnpm-workspace.yaml somewhere above would have pnpm install what that lists, and not the app. */
async function install({ appDir, locked, production, cacheDir, ignoreScripts }: InstallRequest): Promise<ManagerCall> {
  return {
    args: [
      'install',
      ...(locked ? ['--frozen-lockfile'] : ['--no-lockfile']),
      ...(production ? ['--prod'] : ['--prod=false']),
      ...(ignoreScripts ? ['--ignore-scripts'] : []),
      ...(isFile(join(appDir, SETTINGS)) ? [] : ['--ignore-workspace']),
      '--reporter=append-only',
      // What install scripts made of another state of the app would come out of the store instead.
      '--side-effects-cache=false',
      `--store-dir=${join(cacheDir, 'store')}`,
    ],
    env: { npm_config_cache_dir: join(cacheDir, 'cache') },
  };
}

/** The version by the lock file's: https://github.com/pnpm/spec/tree/master/lockfile */
function versionFor(lockText = "lockfileVersion: '9.0'"): string {
  const format = Number(/^lockfileVersion: '?(\d+)/m.exec(lockText)?.[1] ?? '9');
  if (format < 6) return '7.33.7';
  return format < 9 ? '8.15.9' : '10.34.8';
}

function readLock(text: string, path: string): LockContents {
  if (!/^lockfileVersion:/m.test(text)) {
    throw new FnError(`Couldn't read ${path}: it does not say its lockfileVersion.`, {
      code: 'OFN-DEPS-LOCK',
      hint: UNLOCKED,
    });
  }
  return {
    hasPackages: /^packages:/m.test(text),
    local: /^\s+version: (file:\S+)/m.exec(text)?.[1] ?? (/^patchedDependencies:/m.test(text) ? 'a patch' : undefined),
    folders: importersIn(text),
  };
}

/** The folders that pnpm installs for: https://github.com/pnpm/spec/blob/master/lockfile/9.0.md */
function importersIn(text: string): readonly string[] {
  const [, list = ''] = /^importers:\n((?:(?: .*)?\n)*)/m.exec(text) ?? [];
  return [...list.matchAll(/^ {2}'?([^\s'].*?)'?:/gm)].map(([, folder = '']) => (folder === '.' ? '' : folder));
}

function packagesOf(version: string, arch: string): readonly [ProgramPackage, ...ProgramPackage[]] {
  const main = { name: 'pnpm' };
  const number = Number(/\d+/.exec(version)?.[0]);
  return number < BINARY ? [main] : [main, { name: `@pnpm/exe.linux-${nodeArchitecture(arch)}` }];
}

/** A binary takes the place of the script that would fetch it: https://github.com/pnpm/pnpm/blob/main/pnpm/npm/pnpm/install.js */
async function program(folder: string, version: string, arch: string): Promise<readonly [string, ...string[]]> {
  const home = join(folder, 'pnpm');
  const [, binary] = packagesOf(version, arch);
  if (binary !== undefined) {
    const file = join(home, 'pnpm');
    await copyFile(join(folder, binary.name, 'pnpm'), file);
    await chmod(file, 0o755);
    return [file];
  }
  for (const name of ['bin/pnpm.mjs', 'bin/pnpm.cjs']) {
    const file = join(home, name);
    if (await stat(file).catch(() => undefined)) return ['node', file];
  }
  return ['node', join(home, 'bin/pnpm.js')];
}
