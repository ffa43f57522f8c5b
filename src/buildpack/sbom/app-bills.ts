import { type Bill, billOf, type Component, purlOf } from './bill.ts';
import type { Installed, InstalledPackage } from './installed.ts';
import { licenseOf } from './license.ts';
import { subjectOf } from './locked-bills.ts';
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
  return billOf(subjectOf(installed.manifests, direct), components);
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
