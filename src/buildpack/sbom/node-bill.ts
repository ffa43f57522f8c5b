import { type Bill, billOf } from './bill.ts';

/** The bill of a layer with Node.js; the integrity is that of the archive it came in, where there was one. */
export function nodeBill(version: string, integrity: string | undefined): Bill {
  const purl = `pkg:generic/node@${version}`;
  const license = 'MIT';
  return billOf({ name: 'node', version, license, dependsOn: [purl] }, [
    {
      purl,
      kind: 'application',
      name: 'node',
      version,
      scope: 'production',
      license,
      integrity,
      source: undefined,
      cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
      places: ['bin/node'],
      dependsOn: [],
    },
  ]);
}
