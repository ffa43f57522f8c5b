import { isTable, type Table } from '../../../base/table.ts';
import { withoutCredentials } from '../bill.ts';
import { licenseOf } from '../license.ts';
import { dependenciesIn, PRODUCTION, tableAt, textOf, type Lock, type LockedPackage } from './locked.ts';
import { platformsIn } from './platforms.ts';

const NODE_MODULES = 'node_modules/';

/**
 * A lock file of npm, of any version; the ids are folders:
 * https://docs.npmjs.com/cli/configuring-npm/package-lock-json#packages
 */
export function readNpmLock(lock: Table): Lock {
  const { packages } = lock;
  const entries = isTable(packages) ? tablesIn(packages) : entriesOfTree(lock);
  const found = (folder: string, name: string): string[] => resolve(entries, folder, name);
  const locked = new Map<string, LockedPackage>();
  for (const [path, entry] of entries) {
    if (!path.includes(NODE_MODULES) || entry['link'] === true) continue;
    const on = dependenciesIn(entry, PRODUCTION).flatMap(([name]) => found(path, name));
    locked.set(path, { ...packageAt(path, entry), dependsOn: on.filter((id) => id.includes(NODE_MODULES)) });
  }
  // Version 1 has no entry of the app itself.
  const members = new Set(['', ...entries.keys()].filter((path) => !path.includes(NODE_MODULES)));
  return { packages: locked, members, find: found };
}

function packageAt(path: string, entry: Table): Omit<LockedPackage, 'dependsOn'> {
  const source = textOf(entry['resolved']);
  return {
    name: textOf(entry['name']) ?? path.slice(path.lastIndexOf(NODE_MODULES) + NODE_MODULES.length),
    version: textOf(entry['version']) ?? '',
    integrity: textOf(entry['integrity']),
    source: withoutCredentials(source?.startsWith('file:') === true ? undefined : source),
    license: licenseOf(entry),
    platforms: platformsIn(entry),
  };
}

/** As Node.js finds a package: in the folder's own `node_modules`, then in those above; links to the folder they mean. */
function resolve(entries: ReadonlyMap<string, Table>, from: string, name: string): string[] {
  for (let folder = from; ; folder = above(folder)) {
    const path = `${folder === '' ? '' : `${folder}/`}${NODE_MODULES}${name}`;
    const entry = entries.get(path);
    if (entry?.['link'] === true) return [textOf(entry['resolved']) ?? path];
    if (entry !== undefined) return [path];
    if (folder === '') return [];
  }
}

function above(folder: string): string {
  const end = folder.lastIndexOf(`/${NODE_MODULES}`);
  return end === -1 ? '' : folder.slice(0, end);
}

/** Version 1 is a tree of `dependencies`, in which `requires` says who depends on whom. */
function entriesOfTree(lock: Table): Map<string, Table> {
  const entries = new Map<string, Table>();
  const visit = (tree: Table, folder: string): void => {
    for (const [name, entry] of tablesIn(tableAt(tree, 'dependencies'))) {
      const path = `${folder}${NODE_MODULES}${name}`;
      entries.set(path, { ...entry, dependencies: tableAt(entry, 'requires') });
      visit(entry, `${path}/`);
    }
  };
  visit(lock, '');
  return entries;
}

function tablesIn(table: Table): Map<string, Table> {
  return new Map(Object.entries(table).filter((entry): entry is [string, Table] => isTable(entry[1])));
}
