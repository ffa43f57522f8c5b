import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { gte } from 'semver';
import { FnError } from '../../base/error.ts';
import { withoutEntries } from './lock-text.ts';
import type { InstallRequest, LockContents, ManagerCall, PackageManager, ProgramPackage } from './manager.ts';

const TEXT_LOCK = 'Run "bun install --save-text-lockfile" and commit bun.lock.';

/** bun as an installer, the function runs on Node.js: https://bun.com/docs/pm/cli/install */
export const BUN: PackageManager = {
  name: 'bun',
  lockFiles: ['bun.lock', 'bun.lockb'],
  settingsFiles: ['bunfig.toml', '.npmrc'],
  omitsDev: true,
  lockCommand: 'bun install',
  readLock,
  withoutPackage,
  lockedPackages: (lockText) => new Set(packagesIn(lockText)),
  versionFor: () => '1.4.5',
  packagesOf: (_, arch) => [packageFor(arch)],
  program,
  install,
  foreignFlags: (arch, version = '') => (gte(version, '1.3.0') ? [`--cpu=${arch}`, '--os=linux'] : []),
  // It does not mark scripts itself, and is no program of Node.js that could be taken for one.
  runs: { npm_lifecycle_event: 'install' },
  blocked: /Blocked (\d+ postinstalls?)/g,
  makes: [],
  leftovers: ['.cache'],
  failures: [
    {
      pattern: /lockfile had changes, but lockfile is frozen/,
      code: 'OFN-DEPS-LOCK',
      what: 'package.json and the lock file disagree',
      hint: 'Run "bun install" and commit the lock file it writes.',
    },
    {
      pattern: /failed to parse lockfile|InvalidLockfile|Unknown lockfile version|Failed to (?:load|parse) lockfile/i,
      code: 'OFN-DEPS-LOCK',
      what: 'the lock file can not be read',
      hint: 'Run "bun install" and commit the lock file it writes.',
    },
    {
      pattern: / - 40[13]/,
      code: 'OFN-DEPS-AUTH',
      what: 'the registry refused the credentials',
      hint: 'Give the build an .npmrc with a valid token for that registry: in the app, or as a service binding of type "npmrc".',
      lines: /^error: /,
    },
    {
      pattern: / - 404|No version matching|failed to resolve|Workspace dependency .* not found/,
      code: 'OFN-DEPS-NOT-FOUND',
      what: 'a package or version is not in the registry',
      hint: 'Correct its name and version in package.json; a private package needs its registry in .npmrc or bunfig.toml.',
      lines: /^error: /,
    },
    {
      pattern: /Integrity check failed|IntegrityCheckFailed/,
      code: 'OFN-DEPS-INTEGRITY',
      what: 'a package differs from what the lock file promises',
      hint: 'Find out why the registry serves other bytes; when that is meant, run "bun install" and commit the lock file.',
      lines: /^error: /,
    },
  ],
};

/** A lock file that lost the framework is not what bun would write, so that it can not be frozen: it is compared. */
async function install({
  locked,
  production,
  patched,
  cacheDir,
  registry,
  ignoreScripts,
}: InstallRequest): Promise<ManagerCall> {
  const lock = patched ? [] : ['--frozen-lockfile'];
  return {
    args: [
      'install',
      ...(locked ? lock : ['--no-save']),
      ...(production ? ['--production'] : []),
      ...(ignoreScripts ? ['--ignore-scripts'] : []),
      '--no-progress',
    ],
    env: {
      BUN_INSTALL_CACHE_DIR: cacheDir,
      NPM_CONFIG_REGISTRY: await registry(),
      DO_NOT_TRACK: '1',
      NO_COLOR: '1',
      // Production may not change a lock file at all, which one without the framework needs.
      ...(patched ? { NODE_ENV: 'development' } : {}),
    },
  };
}

function readLock(text: string): LockContents {
  const names = packagesIn(text);
  const packages = names.filter((name) => !name.includes('@workspace:'));
  return {
    hasPackages: packages.length > 0 || isBinary(text),
    local: packages.find((name) => /@(?:file|link):/.test(name)),
    folders: names.flatMap((name) => /@workspace:(.*)$/.exec(name)?.[1] ?? []),
  };
}

function packagesIn(lockText: string): string[] {
  return [...lockText.matchAll(/^\s+"[^"]+": \["([^"]+)"/gm)].map(([, name = '']) => name);
}

function withoutPackage(lockText: string, name: string): string {
  if (!isBinary(lockText)) return withoutEntries(lockText, name);
  throw new FnError(`Couldn't read bun.lockb: it mentions ${name}, and can not be read without bun.`, {
    code: 'OFN-DEPS-LOCK',
    hint: TEXT_LOCK,
  });
}

function isBinary(lockText: string): boolean {
  return lockText.startsWith('#!/usr/bin/env bun');
}

function packageFor(arch: string): ProgramPackage {
  // The baseline runs on every x64 processor.
  return { name: arch === 'arm64' ? '@oven/bun-linux-aarch64' : '@oven/bun-linux-x64-baseline' };
}

async function program(folder: string, _: string, arch: string): Promise<readonly [string, ...string[]]> {
  const file = join(folder, packageFor(arch).name, 'bin/bun');
  await chmod(file, 0o755);
  return [file];
}
