import { isTable, type Table } from '../../../base/table.ts';
import type { Platforms } from './platforms.ts';

/** A package as a lock file tells it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of its archive, where the lock file has it. */
  readonly integrity: string | undefined;
  /** Where its archive comes from, without credentials. */
  readonly source: string | undefined;
  readonly license: string | undefined;
  /** What it is for; undefined where the lock file does not say, or it is installed everywhere. */
  readonly platforms?: Platforms | undefined;
  /** The ids of what it depends on. */
  readonly dependsOn: readonly string[];
}

/** A lock file of any package manager. */
export interface Lock {
  /** By ids of the lock file's own; without the app itself and its workspaces. */
  readonly packages: ReadonlyMap<string, LockedPackage>;
  /** The folders of the app that it is for, '' for the root; undefined where it does not say. */
  readonly members: ReadonlySet<string> | undefined;
  /** The ids that a dependency of a manifest of the app may stand for; `folder` is the manifest's, '' at the root. */
  find(folder: string, name: string, range: string): readonly string[];
}

/** The kinds of dependencies that are installed for production too. */
export const PRODUCTION = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Names and ranges of dependencies, of each kind that is listed. */
export function dependenciesIn(table: Table, kinds: readonly string[]): [string, string][] {
  return kinds.flatMap((kind) => {
    const value = table[kind];
    return isTable(value) ? Object.entries(value).map(([name, range]): [string, string] => [name, String(range)]) : [];
  });
}

/** A table at a key, or an empty one. */
export function tableAt(table: Table, key: string): Table {
  const value = table[key];
  return isTable(value) ? value : {};
}

/** A text that is not empty, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
