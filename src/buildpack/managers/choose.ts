import { join } from 'node:path';
import { satisfies, valid, validRange } from 'semver';
import { FnError } from '../../base/error.ts';
import { isTable } from '../../base/table.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import type { PackageJson } from '../project/package-json.ts';
import { BUN } from './bun.ts';
import type { PackageManager } from './manager.ts';
import { NPM } from './npm.ts';
import { PNPM } from './pnpm.ts';
import { YARN_BERRY } from './yarn-berry.ts';
import { YARN_CLASSIC } from './yarn-classic.ts';

/** The package manager of a project, and why it is that one. */
export interface ManagerChoice {
  readonly manager: PackageManager;
  /** The version to fetch, exact or a range; undefined for the one of the builder. */
  readonly version: string | undefined;
  /** The hash in `packageManager`, as `sha512.<hex>`. */
  readonly hash: string | undefined;
  /** What says so, for logs: `packageManager`, a lock file or `default`. */
  readonly source: string;
  readonly lock: LockFile | undefined;
}

/** A lock file of a project. */
export interface LockFile {
  /** Its name, at the app's root. */
  readonly name: string;
  readonly text: string;
}

const MANAGERS: readonly PackageManager[] = [NPM, PNPM, YARN_CLASSIC, YARN_BERRY, BUN];

/** The lock files of all managers. */
export const LOCK_FILES: readonly string[] = [...new Set(MANAGERS.flatMap(({ lockFiles }) => lockFiles))];

/** What all managers leave in node_modules for themselves: times and paths of a machine, addresses with their passwords. */
export const LEFTOVERS: readonly string[] = MANAGERS.flatMap(({ leftovers }) => leftovers);

interface Field {
  readonly name: string;
  readonly version: string | undefined;
  /** Versions that will do, where it names no single one. */
  readonly range?: string | undefined;
  readonly hash: string | undefined;
  /** Where it stands in package.json. */
  readonly source: string;
}

/** Chooses by `packageManager` or `devEngines` of package.json, else by the lock file; npm when there is neither. */
export async function chooseManager(appDir: string, packageJson: PackageJson): Promise<ManagerChoice> {
  const field = readField(packageJson) ?? readDevEngines(packageJson);
  const locks = await readLocks(appDir);
  const fitting = MANAGERS.filter((manager) => field === undefined || isMeant(manager, field));
  const known = [...new Set(MANAGERS.map(({ name }) => name))];
  if (field !== undefined && fitting.length === 0) throw unknownManager(field, known);
  const found = locks.filter(({ manager }) => fitting.includes(manager));
  const [first, second] = found.filter(
    ({ manager }, index) => found.findIndex((one) => one.manager === manager) === index,
  );
  if (first !== undefined && second !== undefined) throw twoLockFiles(first, second);
  const [foreign] = locks;
  if (field !== undefined && first === undefined && foreign !== undefined) throw foreignLockFile(field, foreign);
  const manager = first?.manager ?? (field === undefined ? NPM : (fitting[0] ?? NPM));
  const wanted = field?.version ?? versionOf(manager, first?.text, field?.range ?? engineOf(manager, packageJson));
  return {
    manager,
    version: wanted,
    hash: field?.hash,
    source: field?.source ?? first?.name ?? 'default',
    lock: first && { name: first.name, text: first.text },
  };
}

/** `packageManager` as Corepack defines it: https://github.com/nodejs/corepack#when-authoring-packages */
function readField({ raw }: PackageJson): Field | undefined {
  const value = raw['packageManager'];
  if (value === undefined) return undefined;
  const [, name, version, hash] =
    typeof value === 'string'
      ? (/^([a-z]+)(?:@([^+\s]+))?(?:\+(sha(?:1|224|256|384|512)\.[0-9a-f]+))?$/.exec(value) ?? [])
      : [];
  if (name !== undefined && (version === undefined || validRange(version) !== null)) {
    return { name, version, hash, source: 'packageManager' };
  }
  throw new FnError(
    `Couldn't choose a package manager: "packageManager" in package.json is ${JSON.stringify(value)}.`,
    {
      code: 'OFN-DEPS-MANAGER',
      hint: 'Write name, version and, if you like, hash, for example "packageManager": "pnpm@10.34.8".',
    },
  );
}

function isMeant(manager: PackageManager, { name, version, range }: Field): boolean {
  return manager.name === name && (manager.serves === undefined || manager.serves(version ?? range));
}

interface FoundLock extends LockFile {
  readonly manager: PackageManager;
}

async function readLocks(appDir: string): Promise<FoundLock[]> {
  const found: FoundLock[] = [];
  for (const name of LOCK_FILES) {
    const text = await readTextIfPresent(join(appDir, name), 'OFN-DEPS-LOCK');
    const manager = MANAGERS.find((one) => one.lockFiles.includes(name) && (one.wrote?.(text ?? '') ?? true));
    if (text !== undefined && manager !== undefined) found.push({ name, text, manager });
  }
  return found;
}

/** The version that wrote the lock file, unless others are wanted; undefined for the builder's. */
function versionOf(manager: PackageManager, lockText: string | undefined, wanted: unknown): string | undefined {
  const usual = manager.versionFor(lockText);
  if (typeof wanted !== 'string' || validRange(wanted) === null) return usual;
  return usual !== undefined && satisfies(usual, wanted) ? usual : (valid(wanted) ?? wanted);
}

function engineOf(manager: PackageManager, { raw }: PackageJson): unknown {
  return isTable(raw['engines']) ? raw['engines'][manager.name] : undefined;
}

/** `devEngines.packageManager`, or the first of several: https://docs.npmjs.com/cli/configuring-npm/package-json#devengines */
function readDevEngines({ raw }: PackageJson): Field | undefined {
  const wanted = isTable(raw['devEngines']) ? raw['devEngines']['packageManager'] : undefined;
  const [first] = Array.isArray(wanted) ? wanted : [wanted];
  if (!isTable(first) || typeof first['name'] !== 'string') return undefined;
  const range = typeof first['version'] === 'string' ? first['version'] : undefined;
  const source = 'devEngines';
  return { name: first['name'], version: undefined, range, hash: undefined, source };
}

function unknownManager({ name, source }: Field, known: readonly string[]): FnError {
  return new FnError(`Couldn't choose a package manager: "${source}" in package.json names ${name}.`, {
    code: 'OFN-DEPS-MANAGER',
    hint: `Name one of ${known.join(', ')}.`,
  });
}

function twoLockFiles(one: FoundLock, other: FoundLock): FnError {
  return new FnError(
    `Couldn't choose a package manager: there are ${one.name} of ${one.manager.name} and ${other.name} of ${other.manager.name}.`,
    {
      code: 'OFN-DEPS-MANAGER',
      hint: `Remove the lock file that is not kept up, or name the package manager in package.json, for example "packageManager": "${one.manager.name}@${one.manager.versionFor(one.text) ?? '11.0.0'}".`,
    },
  );
}

function foreignLockFile({ name, version, range, source }: Field, lock: FoundLock): FnError {
  const wanted = [name, version ?? range].filter((part) => part !== undefined).join('@');
  return new FnError(
    `Couldn't choose a package manager: "${source}" in package.json names ${wanted}, and ${lock.name} is not a lock file of it.`,
    {
      code: 'OFN-DEPS-MANAGER',
      hint: `Commit the lock file that ${wanted} writes in place of ${lock.name}, or correct "${source}".`,
    },
  );
}
