import { join } from 'node:path';
import { withoutEntries } from './lock-text.ts';
import type { InstallRequest, LockContents, ManagerCall, PackageManager } from './manager.ts';

/** Yarn 1: https://classic.yarnpkg.com/lang/en/docs/cli/install/ */
export const YARN_CLASSIC: PackageManager = {
  name: 'yarn',
  serves: (version = '1') => /^\D*1(?:\D|$)/.test(version),
  wrote: (lockText) => !lockText.includes('__metadata:'),
  lockFiles: ['yarn.lock'],
  settingsFiles: ['.yarnrc', '.npmrc'],
  omitsDev: true,
  lockCommand: 'yarn install',
  readLock,
  withoutPackage: withoutEntries,
  standIn: (folder) => ({ manifest: { key: 'resolutions', range: `link:${folder}` } }),
  versionFor: () => '1.22.22',
  packagesOf: () => [{ name: 'yarn' }],
  program: async (folder) => ['node', join(folder, 'yarn/bin/yarn.js')],
  install,
  makes: ['yarn-error.log'],
  leftovers: ['.yarn-integrity'],
  failures: [
    {
      pattern: /Your lockfile needs to be updated/,
      code: 'OFN-DEPS-LOCK',
      what: 'package.json and the lock file disagree',
      hint: 'Run "yarn install" and commit the lock file it writes.',
      lines: /^error /,
    },
    {
      pattern: /Couldn't find (?:package|any versions|match)|Request failed \\?"?404|Not found\./,
      code: 'OFN-DEPS-NOT-FOUND',
      what: 'a package or version is not in the registry',
      hint: 'Correct its name and version in package.json; a private package needs its registry in .npmrc.',
      lines: /^error /,
    },
    {
      pattern: /Request failed \\?"?40[13]|Couldn't find a username|: (?:unauthorized|forbidden)$/im,
      code: 'OFN-DEPS-AUTH',
      what: 'the registry refused the credentials',
      hint: 'Give the build an .npmrc with a valid token for that registry: in the app, or as a service binding of type "npmrc".',
      lines: /^error /,
    },
    {
      pattern: /Integrity check failed|computed integrity doesn't match/,
      code: 'OFN-DEPS-INTEGRITY',
      what: 'a package differs from what the lock file promises',
      hint: 'Find out why the registry serves other bytes; when that is meant, run "yarn install" and commit the lock file.',
      lines: /^error /,
    },
  ],
};

async function install({ locked, production, cacheDir, ignoreScripts }: InstallRequest): Promise<ManagerCall> {
  return {
    args: [
      'install',
      ...(locked ? ['--frozen-lockfile'] : ['--no-lockfile']),
      ...(production ? ['--production'] : ['--production=false']),
      ...(ignoreScripts ? ['--ignore-scripts'] : []),
      '--non-interactive',
      '--no-progress',
      `--cache-folder=${cacheDir}`,
    ],
    env: { YARN_DISABLE_SELF_UPDATE_CHECK: 'true' },
  };
}

function readLock(text: string): LockContents {
  const local = /^"?([^@"\s]+|@[^@"\s]+)@(?:file|link):/m.exec(text)?.[1];
  return { hasPackages: /^[^#\s].*:$/m.test(text), local };
}
