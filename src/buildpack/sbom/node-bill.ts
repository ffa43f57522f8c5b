import { type Bill, billOf } from './bill.ts';
import { integrityOf } from './integrity.ts';

/** The Node.js of a layer. */
export interface NodeArchive {
  /** Such as `24.21.0`. */
  readonly version: string;
  /** SHA-256 of the archive it came in, in hex; undefined where there was none. */
  readonly sha256: string | undefined;
  /** Where the archive comes from; undefined where the builder carries it. */
  readonly source: string | undefined;
  /** Its program, relative to the layer. */
  readonly place: string;
}

/** The bill of a layer with Node.js. */
export function nodeBill({ version, sha256, source, place }: NodeArchive): Bill {
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
      integrity: sha256 === undefined ? undefined : integrityOf('sha256', sha256),
      source,
      cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
      places: [place],
      dependsOn: [],
    },
  ]);
}
