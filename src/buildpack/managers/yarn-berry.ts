import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextIfPresent } from '../project/json-file.ts';
import { withoutEntries } from './lock-text.ts';
import type { InstallRequest, LockContents, ManagerCall, OwnProgram, PackageManager } from './manager.ts';

const PROGRAM = 'bin/yarn.js';
const STATE = '.yarn-install-state.gz';
const SETTINGS = '.yarnrc.yml';
/** Packages that a project keeps in its repository: https://yarnpkg.com/features/caching#zero-installs */
const ZERO_INSTALL = '.yarn/cache';

/**
 * Yarn 2 and later: https://yarnpkg.com/cli/install. Whatever linker a project develops with, the image gets
 * node_modules (docs/adr/0013-package-managers.md).
 */
export const YARN_BERRY: PackageManager = {
  name: 'yarn',
  serves: (version = '1') => !/^\D*1(?:\D|$)/.test(version),
  wrote: (lockText) => lockText.includes('__metadata:'),
  ownProgram,
  lockFiles: ['yarn.lock'],
  endsAtLockFile: true,
  settingsFiles: [SETTINGS],
  omitsDev: false,
  lockCommand: 'yarn install',
  readLock,
  withoutPackage: withoutEntries,
  standIn: (folder) => ({ manifest: { key: 'resolutions', range: `portal:${folder}` } }),
  lockedPackages: (lockText) => new Set(resolutionsOf(lockText).filter((one) => !one.includes('@workspace:'))),
  versionFor,
  packagesOf: (version) => [{ name: packageFor(version), hashed: PROGRAM }],
  program: async (folder, version) => ['node', join(folder, packageFor(version), PROGRAM)],
  install,
  // Since 4.18 none run unless the project says so.
  blocked: /(\S+)@\S+ lists build scripts, but/g,
  runs: {
    YARN_NODE_LINKER: 'node-modules',
    YARN_ENABLE_TELEMETRY: 'false',
    YARN_ENABLE_COLORS: 'false',
    YARN_ENABLE_PROGRESS_BARS: 'false',
    YARN_IGNORE_PATH: '1',
    YARN_INSTALL_STATE_PATH: `node_modules/${STATE}`,
  },
  makes: [],
  // Yarn itself removes the files of PnP when it installs, which it does not in every build.
  leftOut: [ZERO_INSTALL, '.yarn/unplugged', '.yarn/install-state.gz', '.yarn/releases', '.pnp.cjs', '.pnp.loader.mjs'],
  leftovers: [STATE, '.yarn-state.yml', '.package-map.json'],
  failures: [
    {
      pattern: /YN0028|YN0087/,
      code: 'OFN-DEPS-LOCK',
      what: 'package.json and the lock file disagree',
      hint: 'Run "yarn install" and commit the lock file it writes.',
    },
    {
      pattern: /YN0082|YN0035[^\n]*(?:not found|404)|Response Code: 404|Package not found|Workspace not found/i,
      code: 'OFN-DEPS-NOT-FOUND',
      what: 'a package or version is not in the registry',
      hint: 'Correct its name and version in package.json; a private package needs its registry in .yarnrc.yml.',
      lines: /YN0082|YN0035|Response Code|Workspace not found|not found/i,
    },
    {
      pattern: /YN0041|YN0033|Response Code: 40[13]/i,
      code: 'OFN-DEPS-AUTH',
      what: 'the registry refused the credentials',
      hint: 'Give the build a .yarnrc.yml with a valid npmAuthToken for that registry: in the app, or as a service binding of type "yarnrc"; Yarn 2 and later reads no .npmrc.',
      lines: /YN0041|YN0033|YN0035|Response Code/i,
    },
    {
      pattern: /YN0018/,
      code: 'OFN-DEPS-INTEGRITY',
      what: 'a package differs from what the lock file promises',
      hint: 'Find out why the registry serves other bytes; when that is meant, run "yarn install" and commit the lock file.',
      lines: /YN0018/,
    },
    {
      pattern: /YN0009: [^\n]*@workspace:/,
      code: 'OFN-DEPS-INSTALL',
      what: 'an install script of the app itself failed',
      hint: 'devDependencies are not installed here. When the script needs one of them, let it do without, or move the package to "dependencies".',
      lines: /@workspace:|STDERR|STDOUT/,
    },
    {
      pattern: /YN0080|enableNetwork/,
      code: 'OFN-DEPS-NETWORK',
      what: 'a package is not in .yarn/cache, and the project allows no network',
      hint: 'Run "yarn install" and commit .yarn/cache, or remove enableNetwork from .yarnrc.yml.',
    },
  ],
};

/**
 * Yarn has no install that is both frozen and without devDependencies: it is told to take what the lock file has, with
 * devDependencies taken out of the manifests, and afterwards the lock file must have gained nothing.
 */
async function install({ appDir, cacheDir, registry, ignoreScripts }: InstallRequest): Promise<ManagerCall> {
  const settings = (await readTextIfPresent(join(appDir, SETTINGS), 'OFN-CONFIG')) ?? '';
  const isVendored = await stat(join(appDir, ZERO_INSTALL)).catch(() => undefined);
  return {
    args: ['install', '--inline-builds'],
    env: {
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      ...(ignoreScripts ? { YARN_ENABLE_SCRIPTS: 'false' } : {}),
      YARN_ENABLE_GLOBAL_CACHE: isVendored === undefined ? 'true' : 'false',
      YARN_GLOBAL_FOLDER: join(cacheDir, 'yarn'),
      ...(/^npmRegistryServer:/m.test(settings) ? {} : { YARN_NPM_REGISTRY_SERVER: await registry() }),
    },
  };
}

async function ownProgram(appDir: string): Promise<OwnProgram | undefined> {
  const settings = (await readTextIfPresent(join(appDir, SETTINGS), 'OFN-CONFIG')) ?? '';
  const name = /^yarnPath:\s*["']?([^"'\s]+)/m.exec(settings)?.[1];
  if (name === undefined || !(await stat(join(appDir, name)).catch(() => undefined))) return undefined;
  return { name, command: ['node', join(appDir, name)] };
}

/** The last Yarn 2 is in the registry under the name of Yarn 1 alone. */
function packageFor(version: string): string {
  return version === '2.4.3' ? 'yarn' : '@yarnpkg/cli-dist';
}

/** The version by the lock file's: https://github.com/yarnpkg/berry/blob/master/packages/yarnpkg-core/sources/Project.ts */
function versionFor(lockText = ''): string {
  const format = Number(/^ {2}version: (\d+)/m.exec(lockText)?.[1] ?? '8');
  return format < 8 ? '3.8.7' : '4.18.1';
}

function readLock(text: string): LockContents {
  const resolutions = resolutionsOf(text);
  const packages = resolutions.filter((one) => !one.includes('@workspace:'));
  const local = packages.find((one) =>
    /@(?:file|link|portal):|@patch:.*#(?!optional!builtin|~builtin|builtin)/.test(one),
  );
  const folders = resolutions.flatMap((one) => /@workspace:(.*)$/.exec(one)?.[1] ?? []);
  return { hasPackages: packages.length > 0, local, folders: folders.map((folder) => (folder === '.' ? '' : folder)) };
}

function resolutionsOf(lockText: string): string[] {
  return [...lockText.matchAll(/^ {2}resolution: "(.+)"$/gm)].map(([, resolution = '']) => resolution);
}
