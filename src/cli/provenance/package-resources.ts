import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { isTable, type Table } from '../../base/table.ts';
import { walk } from '../../oci/tree.ts';
import type { Resource } from './statement.ts';

/** Where the lifecycle puts bills: https://github.com/buildpacks/spec/blob/main/platform.md#exporter */
const BILL = /^(?:launch|build)\/(?:.+\/)?sbom\.cdx\.json$/;

/**
 * The packages in the bills of materials that buildpacks left in a folder of layers, each once, by their package URLs; with
 * the checksums and addresses that the bills have.
 */
export async function packageResources(layersDir: string): Promise<Resource[]> {
  const packages = new Map<string, Resource>();
  const folder = join(layersDir, 'sbom');
  if (!existsSync(folder)) return [];
  for await (const { path } of walk(Buffer.from(folder))) {
    if (!BILL.test(path.toString())) continue;
    const bill: unknown = JSON.parse(await readFile(join(folder, path.toString()), 'utf8'));
    for (const component of tablesOf(isTable(bill) ? bill['components'] : undefined)) {
      const resource = resourceOf(component);
      const known = packages.get(resource.uri);
      if (resource.uri.startsWith('pkg:npm/') && known?.digest === undefined) packages.set(resource.uri, resource);
    }
  }
  return [...packages].toSorted(([a], [b]) => byCodeUnits(a, b)).map(([, resource]) => resource);
}

function resourceOf({ purl, hashes, externalReferences }: Table): Resource & { readonly uri: string } {
  // The names of in-toto are those of CycloneDX without the dash: sha512 for SHA-512.
  const digests = tablesOf(hashes).map(({ alg, content }) => [String(alg).toLowerCase().replace('-', ''), content]);
  const address = tablesOf(externalReferences).find(({ type }) => type === 'distribution')?.['url'];
  return {
    uri: String(purl),
    ...(digests.length === 0 ? {} : { digest: Object.fromEntries(digests) }),
    ...(typeof address === 'string' ? { downloadLocation: address } : {}),
  };
}

function tablesOf(value: unknown): Table[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}
