import { isTable, type Table } from '../../../base/table.ts';
import { withoutCredentials } from '../bill.ts';
import { dependenciesIn, tableAt, textOf, type Lock, type LockedPackage } from './locked.ts';
import { platformsIn } from './platforms.ts';

const KINDS = ['dependencies', 'optionalDependencies'];

/**
 * A lock file of pnpm, version 5, 6 or 9, decoded; the ids are its own, with the peers that a package meets:
 * https://github.com/pnpm/spec/tree/master/lockfile
 */
export function readPnpmLock(lock: Table): Lock {
  const packages = tableAt(lock, 'packages');
  const snapshots = isTable(lock['snapshots']) ? lock['snapshots'] : packages;
  const found = (name: string, version: string): string[] => {
    const ids = [version, `${name}@${version}`, `/${name}@${version}`, `/${name}/${version}`];
    return ids.filter((id) => isTable(snapshots[id])).slice(0, 1);
  };
  const locked = new Map<string, LockedPackage>();
  for (const id of Object.keys(snapshots)) {
    const entry = { ...tableAt(packages, id.replace(/\(.*$/, '')), ...tableAt(snapshots, id) };
    const on = dependenciesIn(entry, KINDS).flatMap(([name, version]) => found(name, version));
    locked.set(id, { ...packageAt(id, entry), dependsOn: on });
  }
  const importers = isTable(lock['importers']) ? lock['importers'] : { '.': lock };
  return {
    packages: locked,
    members: new Set(Object.keys(importers).map((folder) => (folder === '.' ? '' : folder))),
    find: (folder, name) => {
      const importer = tableAt(importers, folder === '' ? '.' : folder);
      const entries = [...KINDS, 'devDependencies'].map((kind) => tableAt(importer, kind)[name]);
      return entries.flatMap((entry) => {
        const version = isTable(entry) ? entry['version'] : entry;
        return typeof version === 'string' ? found(name, version) : [];
      });
    },
  };
}

function packageAt(id: string, entry: Table): Omit<LockedPackage, 'dependsOn'> {
  const resolution = tableAt(entry, 'resolution');
  const [, name, version] =
    /^\/((?:@[^/]+\/)?[^/@]+)\/([^_(]+)/.exec(id) ?? /^\/?((?:@[^/]+\/)?[^@]+)@([^(]+)/.exec(id) ?? [];
  const commit = textOf(resolution['commit']);
  const repository = textOf(resolution['repo']);
  const git = repository === undefined ? undefined : `git+${repository}${commit === undefined ? '' : `#${commit}`}`;
  return {
    name: textOf(entry['name']) ?? name ?? id,
    version: textOf(entry['version']) ?? version ?? '',
    integrity: textOf(resolution['integrity']),
    source: withoutCredentials(git ?? textOf(resolution['tarball'])),
    license: undefined,
    // What is no choice, pnpm installs with a warning.
    platforms: String(entry['optional']) === 'true' ? platformsIn(entry) : undefined,
  };
}
