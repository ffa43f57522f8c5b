import { type Bill, billOf, type BillSubject, type Component, purlOf } from './bill.ts';
import type { InstalledPackage } from './installed.ts';
import { licenseOf } from './license.ts';
import { dependenciesIn, PRODUCTION, textOf, type Lock, type LockedPackage } from './locks/locked.ts';

/** The folders of an app with a package.json. */
type Manifests = ReadonlyMap<string, InstalledPackage>;

/** What an app's lock file is for, where the lock file itself does not say. */
export interface LockedApp {
  readonly manifests: Manifests;
  /** Those of its folders that count: the app itself, and workspaces. */
  readonly members: Pick<ReadonlySet<string>, 'has'>;
}

/** All that a lock file has for the kinds of dependencies that are installed for production, and for `more`. */
export function lockedBill(app: LockedApp, lock: Lock, more: readonly string[] = []): Bill {
  const direct = rootsOf(app, lock, [...PRODUCTION, ...more]);
  const components = packagesAt(reachable(lock, direct), lock, 'production');
  return billOf(subjectOf(app.manifests, purlsOf(direct, lock)), components);
}

/** What the lock file has for development alone. The image has none of it. */
export function developmentBill(app: LockedApp, lock: Lock | undefined): Bill {
  if (lock === undefined) return billOf(subjectOf(app.manifests, []), []);
  const produced = reachable(lock, rootsOf(app, lock, PRODUCTION));
  const direct = rootsOf(app, lock, ['devDependencies']);
  const alone = [...reachable(lock, direct)].filter((id) => !produced.has(id));
  return billOf(subjectOf(app.manifests, purlsOf(direct, lock)), packagesAt(alone, lock, 'development'));
}

/** What an app is called. */
export function subjectOf(manifests: Manifests, dependsOn: readonly string[]): BillSubject {
  const manifest = manifests.get('')?.manifest ?? {};
  return {
    name: textOf(manifest['name']) ?? 'app',
    version: textOf(manifest['version']),
    license: licenseOf(manifest),
    dependsOn,
  };
}

/** What the manifests of an app depend on by themselves. */
function rootsOf({ manifests, members }: LockedApp, lock: Lock, kinds: readonly string[]): string[] {
  return [...manifests.values()]
    .filter(({ folder }) => (lock.members ?? members).has(folder))
    .flatMap(({ folder, manifest }) =>
      dependenciesIn(manifest, kinds).flatMap(([name, range]) => lock.find(folder, name, range)),
    );
}

/** A lock file's packages that some of its packages need, with those. */
function reachable(lock: Lock, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set(from);
  for (const id of seen) for (const needed of lock.packages.get(id)?.dependsOn ?? []) seen.add(needed);
  return seen;
}

function packagesAt(ids: Iterable<string>, lock: Lock, scope: Component['scope']): Component[] {
  return [...ids].flatMap((id) => {
    const one = lock.packages.get(id);
    return one === undefined ? [] : [lockedComponent(one, lock, scope)];
  });
}

function lockedComponent(one: LockedPackage, lock: Lock, scope: Component['scope']): Component {
  const { name, version, integrity, source, license } = one;
  return {
    purl: purlOf(name, version),
    kind: 'library',
    name,
    version,
    integrity,
    source,
    license,
    scope,
    places: [],
    dependsOn: purlsOf(one.dependsOn, lock),
  };
}

function purlsOf(ids: readonly string[], lock: Lock): string[] {
  return ids.flatMap((id) => {
    const one = lock.packages.get(id);
    return one === undefined ? [] : [purlOf(one.name, one.version)];
  });
}
