import { join } from 'node:path';
import { FnError } from '../../base/error.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { isTable, type Table } from '../../base/table.ts';
import { readJsonTable } from '../project/json-file.ts';
import { type Bill, billOf, type Component, purlOf } from './bill.ts';
import { licenseOf } from './license.ts';
import { dependenciesIn, textOf, type LockedPackage } from './locks/locked.ts';
import { readNpmLock } from './locks/npm-lock.ts';

/** The bill of the framework, relative to the buildpack. */
export const FRAMEWORK_BILL = 'build/bill.json';

/** The framework's bill as the buildpack carries it: it was made when the framework was bundled. */
export async function readFrameworkBill(buildpackDir: string): Promise<Bill> {
  const bill = await readJsonTable(join(buildpackDir, FRAMEWORK_BILL), 'OFN-BUILDPACK');
  if (isBill(bill)) return bill;
  throw new FnError(`Couldn't find the bill of materials of the framework in the buildpack at ${buildpackDir}.`, {
    code: 'OFN-BUILDPACK',
    hint: 'The builder image is incomplete: pull it again, or run "make builder" in its repository.',
  });
}

/**
 * What the framework is made of: itself, and the packages that are bundled for it, each with all it needs in one file.
 * They have the versions of the lock file.
 */
export function frameworkBill(manifest: Table, lock: Table): Bill {
  const read = readNpmLock(lock);
  const { packages } = read;
  const own = `node_modules/${FRAMEWORK.name}`;
  const direct = dependenciesIn(manifest, ['dependencies']).flatMap(([name, range]) => read.find('', name, range));
  const bundled = direct.flatMap((id) => [...closure(packages, id)].map((inner) => componentAt(packages, inner, id)));
  const purls = direct.flatMap((id) => purlAt(packages, id));
  const version = textOf(manifest['version']) ?? '';
  const license = licenseOf(manifest);
  const framework: Component = {
    purl: purlOf(FRAMEWORK.name, version),
    kind: 'library',
    name: FRAMEWORK.name,
    version,
    scope: 'production',
    license,
    integrity: undefined,
    source: undefined,
    places: [own],
    dependsOn: purls,
  };
  return billOf({ name: FRAMEWORK.name, version, license, dependsOn: [framework.purl] }, [
    framework,
    ...bundled.flat(),
  ]);
}

/** The bill of a framework that npm installed by itself, out of the lock file that it wrote. */
export function fetchedFrameworkBill(version: string, lock: Table): Bill {
  const { packages } = readNpmLock(lock);
  const own = packages.get(`node_modules/${FRAMEWORK.name}`);
  const components = [...packages].map(([place, one]) => libraryAt(packages, one, place));
  const dependsOn = [purlOf(FRAMEWORK.name, version)];
  return billOf({ name: FRAMEWORK.name, version, license: own?.license, dependsOn }, components);
}

type Packages = ReadonlyMap<string, LockedPackage>;

function closure(packages: Packages, from: string): ReadonlySet<string> {
  const seen = new Set([from]);
  for (const id of seen) for (const needed of packages.get(id)?.dependsOn ?? []) seen.add(needed);
  return seen;
}

/** A package in the file of the one that it was bundled with. */
function componentAt(packages: Packages, id: string, file: string): Component[] {
  const one = packages.get(id);
  return one === undefined ? [] : [libraryAt(packages, one, `node_modules/${FRAMEWORK.name}/build/${file}`)];
}

function libraryAt(packages: Packages, one: LockedPackage, place: string): Component {
  return {
    ...one,
    purl: purlOf(one.name, one.version),
    kind: 'library',
    scope: 'production',
    places: [place],
    dependsOn: one.dependsOn.flatMap((needed) => purlAt(packages, needed)),
  };
}

function purlAt(packages: Packages, id: string): string[] {
  const one = packages.get(id);
  return one === undefined ? [] : [purlOf(one.name, one.version)];
}

function isBill(value: unknown): value is Bill {
  return isTable(value) && isTable(value['subject']) && Array.isArray(value['components']);
}
