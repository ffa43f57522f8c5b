import { type Bill, billOf, type BillSubject, type Component, purlOf } from './bill.ts';
import type { Installed, InstalledPackage } from './installed.ts';
import { licenseOf } from './license.ts';
import { dependenciesIn, PRODUCTION, textOf, type Lock, type LockedPackage } from './locks/locked.ts';

/**
 * The packages in some of an app's folders. Which they are, who depends on whom and their licences are read from disk;
 * the lock file knows what they were fetched from.
 */
export function installedBill(installed: Installed, lock: Lock | undefined, isHere: (folder: string) => boolean): Bill {
  const locked = new Map([...(lock?.packages.values() ?? [])].map((one) => [purlOf(one.name, one.version), one]));
  const { packages, members } = installed;
  const components = [...packages.values(), ...members.values()]
    .filter(({ folder }) => folder !== '' && isHere(folder))
    .map((one) => componentOf(one, installed, locked.get(purlAt(one))));
  const own = [...members.values()].filter(({ folder }) => folder !== '').map(purlAt);
  const direct = own.concat([...members.values()].flatMap((member) => neededBy(member, installed)));
  return billOf(subjectOf(installed, direct), components);
}

/** What the lock file has for development alone. The image has none of it. */
export function developmentBill(installed: Installed, lock: Lock | undefined): Bill {
  if (lock === undefined) return billOf(subjectOf(installed, []), []);
  const members = [...installed.manifests.values()].filter(({ folder }) =>
    lock.members === undefined ? installed.members.has(folder) : lock.members.has(folder),
  );
  const roots = (kinds: readonly string[]): string[] =>
    members.flatMap(({ folder, manifest }) =>
      dependenciesIn(manifest, kinds).flatMap(([name, range]) => lock.find(folder, name, range)),
    );
  const produced = reachable(lock, roots(PRODUCTION));
  const direct = roots(['devDependencies']);
  const components = [...reachable(lock, direct)].flatMap((id) => {
    const one = lock.packages.get(id);
    return one === undefined || produced.has(id) ? [] : [lockedComponent(one, lock)];
  });
  const purls = direct.flatMap((id) => purlIn(lock, id));
  return billOf(subjectOf(installed, purls), components);
}

/** What an app is called. */
function subjectOf({ manifests }: Installed, dependsOn: readonly string[]): BillSubject {
  const manifest = manifests.get('')?.manifest ?? {};
  return {
    name: textOf(manifest['name']) ?? 'app',
    version: textOf(manifest['version']),
    license: licenseOf(manifest),
    dependsOn,
  };
}

/** A lock file's packages that some of its packages need, with those. */
function reachable(lock: Lock, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set(from);
  for (const id of seen) for (const needed of lock.packages.get(id)?.dependsOn ?? []) seen.add(needed);
  return seen;
}

function lockedComponent({ dependsOn, ...one }: LockedPackage, lock: Lock): Component {
  return {
    ...one,
    purl: purlOf(one.name, one.version),
    kind: 'library',
    scope: 'development',
    places: [],
    dependsOn: dependsOn.flatMap((id) => purlIn(lock, id)),
  };
}

function purlIn(lock: Lock, id: string): string[] {
  const one = lock.packages.get(id);
  return one === undefined ? [] : [purlOf(one.name, one.version)];
}

function componentOf(one: InstalledPackage, installed: Installed, locked: LockedPackage | undefined): Component {
  const { folder, manifest } = one;
  return {
    purl: purlAt(one),
    kind: 'library',
    ...identityOf(one),
    scope: 'production',
    license: licenseOf(manifest) ?? locked?.license,
    integrity: locked?.integrity,
    source: locked?.source,
    places: [folder],
    dependsOn: neededBy(one, installed),
  };
}

function neededBy({ folder, manifest }: InstalledPackage, installed: Installed): string[] {
  return dependenciesIn(manifest, PRODUCTION).flatMap(([name]) => {
    const found = installed.find(folder, name);
    const needed = found === undefined ? undefined : (installed.packages.get(found) ?? installed.members.get(found));
    return needed === undefined ? [] : [purlAt(needed)];
  });
}

function purlAt(one: InstalledPackage): string {
  const { name, version } = identityOf(one);
  return purlOf(name, version);
}

/** A package without a name has its folder's. */
function identityOf({ folder, manifest }: InstalledPackage): { readonly name: string; readonly version: string } {
  const own = /(?:^|\/)((?:@[^/]+\/)?[^/]+)$/.exec(folder)?.[1] ?? folder;
  return { name: textOf(manifest['name']) ?? own, version: textOf(manifest['version']) ?? '' };
}
