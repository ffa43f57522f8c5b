import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isTable, type Table } from '../../base/table.ts';
import { parseJsonTable } from '../project/json-file.ts';
import type { InstallRequest, LockContents, ManagerCall, PackageManager } from './manager.ts';

const FLAGS = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', '--no-progress', '--logs-max=0'];

/** npm's own cache as a folder of the app, as Paketo has it: https://paketo.io/docs/howto/nodejs */
const VENDORED = 'npm-cache/_cacache';

/** npm: https://docs.npmjs.com/cli/commands/npm-ci */
export const NPM: PackageManager = {
  name: 'npm',
  // https://docs.npmjs.com/cli/configuring-npm/npm-shrinkwrap-json
  lockFiles: ['npm-shrinkwrap.json', 'package-lock.json'],
  settingsFiles: ['.npmrc'],
  omitsDev: true,
  lockCommand: 'npm install',
  readLock,
  withoutPackage,
  standIn: (folder) => ({ manifest: { key: 'overrides', range: `file:${folder}` } }),
  versionFor: () => undefined,
  packagesOf: () => [{ name: 'npm' }],
  program: async (folder) => ['node', join(folder, 'npm/bin/npm-cli.js')],
  install,
  foreignFlags: (arch) => [`--cpu=${arch}`, '--os=linux', '--libc=glibc'],
  makes: [],
  leftOut: [VENDORED],
  // It has the addresses of the lock file, with their passwords.
  leftovers: ['.package-lock.json'],
  failures: [
    {
      pattern: /npm ci.{0,20}can only install packages when|code EUSAGE|in sync/,
      code: 'OFN-DEPS-LOCK',
      what: 'package.json and the lock file disagree',
      hint: 'Run "npm install" and commit the lock file it writes.',
      lines: /^npm error (?:Invalid|Missing): /,
    },
    {
      pattern: /code E404|code ETARGET|No matching version/,
      code: 'OFN-DEPS-NOT-FOUND',
      what: 'a package or version is not in the registry',
      hint: 'Correct its name and version in package.json; a private package needs its registry in .npmrc.',
    },
    {
      pattern: /code E40[13]|code ENEEDAUTH/,
      code: 'OFN-DEPS-AUTH',
      what: 'the registry refused the credentials',
      hint: 'Give the build an .npmrc with a valid token for that registry: in the app, or as a service binding of type "npmrc".',
    },
    {
      pattern: /code EINTEGRITY/,
      code: 'OFN-DEPS-INTEGRITY',
      what: 'a package differs from what the lock file promises',
      hint: 'Find out why the registry serves other bytes; when that is meant, run "npm install" and commit the lock file.',
    },
    {
      pattern: /code ENOTCACHED/,
      code: 'OFN-DEPS-NETWORK',
      what: 'a package is not in the folder npm-cache of the app, and with that folder nothing is downloaded',
      hint: 'Run "npm ci --cache npm-cache" and commit the folder, or remove it.',
    },
  ],
};

/** A folder of the app with npm's own cache is all that an install without network needs. */
async function install({ appDir, cacheDir, locked, production, ignoreScripts }: InstallRequest): Promise<ManagerCall> {
  const offline = await stat(join(appDir, VENDORED)).then(
    () => true,
    () => false,
  );
  return {
    args: [
      ...(locked ? ['ci'] : ['install', '--no-package-lock']),
      ...(production ? ['--omit=dev'] : ['--include=dev']),
      ...(offline ? ['--offline'] : []),
      ...(ignoreScripts ? ['--ignore-scripts'] : []),
      ...FLAGS,
    ],
    env: { npm_config_cache: offline ? join(appDir, VENDORED, '..') : cacheDir },
  };
}

function readLock(text: string, path: string): LockContents {
  const table = parseJsonTable(text, path, 'OFN-DEPS-LOCK');
  // Version 1 of the format has a tree of `dependencies` instead.
  const entries = Object.entries(tableAt(table, table['packages'] === undefined ? 'dependencies' : 'packages'));
  const links = entries.flatMap(([, entry]) => (isTable(entry) && entry['link'] === true ? [entry['resolved']] : []));
  return { hasPackages: entries.some(([name]) => name !== ''), folders: links.map(String) };
}

function withoutPackage(lockText: string, name: string): string {
  const lock = parseJsonTable(lockText, 'the lock file', 'OFN-DEPS-LOCK');
  const folder = `node_modules/${name}`;
  const isOf = (path: string): boolean => `/${path}/`.includes(`/${folder}/`);
  const packages = Object.entries(tableAt(lock, 'packages')).filter(([path]) => !isOf(path));
  const changed: Table = {
    dependencies: without(tableAt(lock, 'dependencies'), name),
    packages: Object.fromEntries(
      packages.map(([path, entry]) => [path, isTable(entry) ? unlisted(entry, name) : entry]),
    ),
  };
  return JSON.stringify({
    ...lock,
    ...Object.fromEntries(Object.entries(changed).filter(([key]) => lock[key] !== undefined)),
  });
}

/** An entry of a lock file, or a manifest, in which no kind of dependencies has `name`. */
export function unlisted(entry: Table, name: string): Table {
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const changed = kinds.filter((kind) => tableAt(entry, kind)[name] !== undefined);
  return { ...entry, ...Object.fromEntries(changed.map((kind) => [kind, without(tableAt(entry, kind), name)])) };
}

function without(table: Table, name: string): Table {
  return Object.fromEntries(Object.entries(table).filter(([key]) => key !== name));
}

function tableAt(table: Table, key: string): Table {
  const value = table[key];
  return isTable(value) ? value : {};
}
