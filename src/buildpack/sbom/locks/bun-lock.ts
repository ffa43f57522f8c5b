import { isTable, type Table } from '../../../base/table.ts';
import { withoutCredentials } from '../bill.ts';
import { dependenciesIn, PRODUCTION, tableAt, textOf, type Lock, type LockedPackage } from './locked.ts';
import { platformsIn } from './platforms.ts';

/** bun.lock, decoded; the ids are its own, folders without `node_modules`: https://bun.com/docs/pm/lockfile */
export function readBunLock(lock: Table): Lock {
  const entries = new Map(
    Object.entries(tableAt(lock, 'packages')).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1])),
  );
  const isOfApp = (id: string): boolean => String(entries.get(id)?.[0]).includes('@workspace:');
  const find = (from: string, name: string): string[] => {
    for (let folder = from; ; folder = above(folder)) {
      const id = folder === '' ? name : `${folder}/${name}`;
      if (entries.has(id)) return isOfApp(id) ? [] : [id];
      if (folder === '') return [];
    }
  };
  const packages = new Map<string, LockedPackage>();
  for (const [id, entry] of entries) {
    if (isOfApp(id)) continue;
    const fields = entry.find(isTable) ?? {};
    const on = dependenciesIn(fields, PRODUCTION).flatMap(([name]) => find(id, name));
    packages.set(id, { ...packageOf(id, entry, fields), dependsOn: on });
  }
  const workspaces = tableAt(lock, 'workspaces');
  const members = new Set(Object.keys(workspaces));
  return { packages, members, find: (folder, name) => find(textOf(tableAt(workspaces, folder)['name']) ?? '', name) };
}

/** `[name@version, registry, fields, integrity]`; what is no package of a registry has no second. */
function packageOf(id: string, entry: readonly unknown[], fields: Table): Omit<LockedPackage, 'dependsOn'> {
  const spec = textOf(entry[0]) ?? id;
  const at = spec.indexOf('@', 1);
  const version = spec.slice(at + 1);
  const isRegistry = /^\d/.test(version);
  return {
    name: spec.slice(0, at),
    version: isRegistry ? version : '',
    integrity: entry.findLast((field): field is string => /^sha\d+-/.test(String(field))),
    source: isRegistry ? undefined : withoutCredentials(version),
    license: undefined,
    platforms: platformsIn(fields),
  };
}

function above(folder: string): string {
  const parts = folder.split('/');
  const last = parts.at(-2)?.startsWith('@') === true ? 2 : 1;
  return parts.slice(0, -last).join('/');
}
