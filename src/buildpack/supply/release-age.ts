import { execa } from 'execa';
import { valid } from 'semver';
import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Environment } from '../../base/setting.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { explainFailure, type FailureRow } from '../managers/failure.ts';
import { NPM } from '../managers/npm.ts';
import { QUIET_FLAGS } from '../managers/registry.ts';
import type { Component } from '../sbom/bill.ts';
import { readLocked } from './read-locked.ts';

/** What is going to be installed, and with what npm asks about it. */
export interface AgedInstall {
  readonly projectDir: string;
  readonly dependencies: Dependencies;
  /** Without devDependencies. */
  readonly production: boolean;
  /** Folder for downloads: what npm fetches to compare is fetched once. */
  readonly cacheDir: string;
  readonly env: Environment;
  readonly log: Log;
}

const DAY = 24 * 60 * 60 * 1000;
/** Archives that are no registry's: whoever names a commit has looked at it. */
const ELSEWHERE = /^(?:git|ssh|file)\b|\.git(?:#|$)|:\/\/codeload\./;

/**
 * Sees to it that every version of the lock file has been in its registry for as many days as the project wants, before
 * any of them is installed. It is npm that asks, whatever manager installs, for it tells a version by a date from before:
 * with its settings, credentials and cache, and one call. OFN-DEPS-YOUNG when one is too young.
 */
export async function requireAge(install: AgedInstall, now: number = Date.now()): Promise<void> {
  const { dependencies, projectDir, production, log } = install;
  const { minimumAge } = dependencies;
  if (minimumAge === 0) return;
  const bill = await readLocked(projectDir, dependencies, !production);
  if (bill === undefined) throw nothingLocked(minimumAge);
  const specs = bill.components.filter(isOfRegistry).map(({ name, version }) => `${name}@${version}`);
  if (specs.length === 0) return;
  log.info(`Release age: packages of the lock file, at least ${inDays(minimumAge)}`);
  await askForAll(specs, new Date(now - minimumAge * DAY), install);
}

function isOfRegistry({ version, source }: Component): boolean {
  return valid(version) !== null && !ELSEWHERE.test(source ?? '');
}

/** https://docs.npmjs.com/cli/commands/npm-cache: it fetches all of them at once, and takes `before` as an install does. */
async function askForAll(
  specs: readonly string[],
  before: Date,
  { projectDir, cacheDir, dependencies, env }: AgedInstall,
): Promise<void> {
  const args = ['cache', 'add', ...specs, `--before=${before.toISOString()}`, `--cache=${cacheDir}`, '--logs-max=0'];
  const result = await execa('npm', [...args, ...QUIET_FLAGS], {
    cwd: projectDir,
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  if (!result.failed) return;
  throw explainFailure(result.stderr, {
    program: 'npm',
    act: 'compare the age of packages',
    rows: [youngRow(dependencies.minimumAge), ...NPM.failures],
    scripts: {},
    cause: result.cause,
  });
}

function youngRow(days: number): FailureRow {
  return {
    pattern: /with a date before/,
    code: 'OFN-DEPS-YOUNG',
    what: `a version of the lock file has been in the registry for less than ${inDays(days)}`,
    hint: 'Lock an older version, or wait; where this one has to be, set BP_MINIMUM_RELEASE_AGE to fewer days for this build.',
    lines: /with a date before/,
  };
}

function nothingLocked(days: number): FnError {
  return new FnError(
    `Couldn't compare the age of packages with ${inDays(days)}: there is no lock file that says their versions.`,
    {
      code: 'OFN-DEPS-LOCK',
      hint: 'Commit a lock file, of bun the text bun.lock; or leave BP_MINIMUM_RELEASE_AGE out.',
    },
  );
}

function inDays(days: number): string {
  return days === 1 ? 'a day' : `${days} days`;
}
