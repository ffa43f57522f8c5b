import { isTable, type Table } from '../../base/table.ts';
import { sbomPath } from '../../libcnb/sbom.ts';
import { readJsonTable } from '../project/json-file.ts';
import { billOf, type Bill, type Component } from '../sbom/bill.ts';
import { SUBJECT } from '../sbom/cyclonedx.ts';
import { MODULES } from '../sbom/record.ts';

/**
 * The bill of dependencies whose layer is taken over, which are not on disk: it is the one that the build that installed
 * them wrote, and the lifecycle brought back. Undefined where there is none.
 */
export async function restoredBill(layersDir: string): Promise<Bill | undefined> {
  const document = await readJsonTable(sbomPath(layersDir, { layer: MODULES }, 'cyclonedx'), 'OFN-CNB-FILE');
  if (document === undefined) return undefined;
  const needs = new Map(tablesOf(document['dependencies']).map((one) => [one['ref'], textsOf(one['dependsOn'])]));
  const components = tablesOf(document['components']).map((one) => componentOf(one, needs.get(one['purl']) ?? []));
  const subject = { name: 'app', version: undefined, license: undefined, dependsOn: needs.get(SUBJECT) ?? [] };
  return billOf(subject, components);
}

function componentOf({ group, name, version, purl }: Table, dependsOn: readonly string[]): Component {
  return {
    purl: String(purl),
    kind: 'library',
    name: [group, name].filter((part) => typeof part === 'string').join('/'),
    version: String(version),
    scope: 'production',
    license: undefined,
    integrity: undefined,
    source: undefined,
    places: [],
    dependsOn,
  };
}

function tablesOf(value: unknown): Table[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
