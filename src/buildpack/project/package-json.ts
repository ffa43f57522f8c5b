import { join } from 'node:path';
import { FnError } from '../../base/error.ts';
import { isTable, type Table } from '../../base/table.ts';
import { readJsonTable } from './json-file.ts';

/** The scripts of an app that package managers run when they install its dependencies for production. */
export const INSTALL_SCRIPTS: ReadonlySet<string> = new Set(['preinstall', 'install', 'postinstall']);

/** The scripts that make a working copy ready for development, such as "prepare": "husky"; not run for production. */
export const PREPARE_SCRIPTS: ReadonlySet<string> = new Set(['prepublish', 'preprepare', 'prepare', 'postprepare']);

/** What the buildpack reads of an app's package.json, validated. */
export interface PackageJson {
  /** npm's name of the app, when it has one. */
  readonly name: string | undefined;
  /** The range in `engines.node`. */
  readonly nodeRange: string | undefined;
  /** `dependencies` and `optionalDependencies`: name to version range. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** The scripts, name to command. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The `openfunction` key as it stands. */
  readonly openfunction: unknown;
  /** The whole file, for keys and for npm. */
  readonly raw: Table;
}

/** Reads `<appDir>/package.json`; undefined when there is none, OFN-PACKAGE-JSON when it is broken. */
export async function readPackageJson(appDir: string): Promise<PackageJson | undefined> {
  const path = join(appDir, 'package.json');
  const raw = await readJsonTable(path, 'OFN-PACKAGE-JSON');
  if (raw === undefined) return undefined;
  const { node: nodeRange = '' } = stringsAt(raw, 'engines', path);
  return {
    name: typeof raw['name'] === 'string' ? raw['name'] : undefined,
    nodeRange: nodeRange === '' ? undefined : nodeRange,
    dependencies: { ...stringsAt(raw, 'dependencies', path), ...stringsAt(raw, 'optionalDependencies', path) },
    scripts: Object.fromEntries(Object.entries(tableAt(raw, 'scripts', path)).filter(isText)),
    openfunction: raw['openfunction'],
    raw,
  };
}

function tableAt(raw: Table, key: string, path: string): Table {
  const value = raw[key] ?? {};
  if (isTable(value)) return value;
  throw invalid(path, `"${key}" is not an object`);
}

function stringsAt(raw: Table, key: string, path: string): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [name, value] of Object.entries(tableAt(raw, key, path))) {
    if (typeof value !== 'string') throw invalid(path, `"${key}.${name}" is not a string`);
    strings[name] = value;
  }
  return strings;
}

function isText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function invalid(path: string, fault: string): FnError {
  return new FnError(`Couldn't read ${path}: ${fault}.`, {
    code: 'OFN-PACKAGE-JSON',
    hint: `Correct it as the npm documentation describes: https://docs.npmjs.com/cli/configuring-npm/package-json`,
  });
}
