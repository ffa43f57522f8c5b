import type { Table } from '../../../base/table.ts';
import { withoutCredentials } from '../bill.ts';
import { integrityOf } from '../integrity.ts';
import { dependenciesIn, tableAt, textOf, type Lock, type LockedPackage } from './locked.ts';
import { platformsOf } from './platforms.ts';

/** An entry of a lock file, and the `name@range` that it stands for. */
interface Entry {
  readonly wanted: readonly string[];
  readonly fields: Table;
}

const KINDS = ['dependencies', 'optionalDependencies', 'peerDependencies'];

/** A lock file of Yarn 1; the ids are names and versions. */
export function readYarnClassicLock(text: string): Lock {
  return lockOf(entriesOfLines(text), ({ wanted, fields }) => {
    const address = textOf(fields['resolved']);
    const [source, sha1] = address?.split('#') ?? [];
    // An alias is `name@npm:other@range`.
    const name = nameOf(aliased(wanted[0] ?? ''));
    const integrity = textOf(fields['integrity']) ?? (isSha1(sha1) ? integrityOf('sha1', sha1) : undefined);
    return {
      name,
      version: textOf(fields['version']) ?? '',
      integrity,
      source: withoutCredentials(integrity === undefined ? address : source),
      license: undefined,
    };
  });
}

/**
 * A lock file of Yarn 2 or later, decoded; the ids are names and versions. It has checksums of Yarn's own archives,
 * which are none of the registry's.
 */
export function readYarnBerryLock(lock: Table): Lock {
  const all = Object.keys(lock)
    .filter((key) => key !== '__metadata')
    .map((key) => ({ wanted: key.split(/,\s*/), fields: tableAt(lock, key) }));
  const members = new Set(all.map(memberOf).map((folder) => (folder === '.' ? '' : folder)));
  const entries = all.filter((entry) => memberOf(entry) === undefined);
  const read = lockOf(entries, ({ wanted, fields }) => ({
    name: nameOf(textOf(fields['resolution']) ?? wanted[0] ?? ''),
    version: textOf(fields['version']) ?? '',
    integrity: undefined,
    source: undefined,
    license: undefined,
    platforms: platformsOf(textOf(fields['conditions']) ?? ''),
  }));
  return { ...read, members: new Set([...members].filter((folder) => folder !== undefined)) };
}

/** The folder of the app that an entry is of. */
function memberOf({ fields }: Entry): string | undefined {
  return /@workspace:(.*)$/.exec(textOf(fields['resolution']) ?? '')?.[1];
}

function lockOf(entries: readonly Entry[], packageOf: (entry: Entry) => Omit<LockedPackage, 'dependsOn'>): Lock {
  const read = entries.map((entry) => {
    const locked = packageOf(entry);
    return { ...entry, locked, id: `${locked.name}@${locked.version}` };
  });
  const ids = new Map(read.flatMap(({ wanted, id }) => wanted.map((one): [string, string] => [one, id])));
  const named = Map.groupBy(read, ({ wanted }) => nameOf(wanted[0] ?? ''));
  // `resolutions` give a package another range than the one who wants it says: then any of its name may be meant.
  const find = (name: string, range: string): string[] => {
    const exact = ids.get(`${name}@${range}`) ?? ids.get(`${name}@npm:${range}`);
    return exact === undefined ? (named.get(name) ?? []).map(({ id }) => id) : [exact];
  };
  const packages = new Map<string, LockedPackage>();
  for (const { id, locked, fields } of read) {
    const on = dependenciesIn(fields, KINDS).flatMap(([name, range]) => find(name, range));
    packages.set(id, { ...locked, dependsOn: [...(packages.get(id)?.dependsOn ?? []), ...on] });
  }
  return { packages, members: undefined, find: (_, name, range) => find(name, range) };
}

/** The entries of lines: `name@range, name@range:`, below it `field value`, below that `name range`. */
function entriesOfLines(text: string): Entry[] {
  const entries: { wanted: string[]; fields: Record<string, unknown> }[] = [];
  let inner: Record<string, string> = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const depth = line.length - line.trimStart().length;
    const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|[^\s,:"][^\s,"]*/g)].map(([word, quoted]) => quoted ?? word);
    const [key = '', value] = words;
    const fields = entries.at(-1)?.fields;
    if (depth === 0) entries.push({ wanted: words.map((word) => word.replace(/:$/, '')), fields: {} });
    else if (depth > 2) inner[key] = value ?? '';
    else if (fields !== undefined && value !== undefined) fields[key] = value;
    else if (fields !== undefined) fields[key.replace(/:$/, '')] = inner = {};
  }
  return entries;
}

/** The name in `name@range`, which may begin with an at-sign itself. */
function nameOf(wanted: string): string {
  return wanted.slice(0, wanted.indexOf('@', 1));
}

function aliased(wanted: string): string {
  return /^(?:@[^/]+\/)?[^@]+@npm:(.+@.+)$/.exec(wanted)?.[1] ?? wanted;
}

function isSha1(text: string | undefined): text is string {
  return /^[0-9a-f]{40}$/.test(text ?? '');
}
