import type { Bill, Component } from './bill.ts';
import { contentId } from './content-id.ts';
import { licenseKind } from './license.ts';

/** The version of the schema: https://github.com/anchore/syft/tree/main/schema/json */
const SCHEMA = '16.0.18';
const SCHEMA_URL = `https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-${SCHEMA}.json`;

/** How Syft tells packages of a kind, by the type of their package URLs. */
const TYPES: Readonly<Record<string, { readonly type: string; readonly language: string; readonly foundBy: string }>> =
  {
    npm: { type: 'npm', language: 'javascript', foundBy: 'javascript-lock-cataloger' },
    golang: { type: 'go-module', language: 'go', foundBy: 'go-module-binary-cataloger' },
  };
const BINARY = { type: 'binary', language: '', foundBy: 'binary-classifier-cataloger' };

/** A bill as Syft's own JSON, for Grype and its like, the same bytes for the same bill. */
export function syft({ subject, components }: Bill): object {
  const { name, version = '' } = subject;
  return {
    artifacts: components.map(artifactOf),
    artifactRelationships: components.flatMap(({ purl, dependsOn }) =>
      dependsOn.map((needed) => ({ parent: contentId(needed), child: contentId(purl), type: 'dependency-of' })),
    ),
    files: [],
    source: { id: contentId(`${name}@${version}`), name, version, type: 'directory', metadata: { path: '.' } },
    distro: {},
    descriptor: { name: 'openfunction/node-function', version: '' },
    schema: { version: SCHEMA, url: SCHEMA_URL },
  };
}

function artifactOf(component: Component): object {
  const { purl, name, version, license, cpe, places } = component;
  const { type, language, foundBy } = TYPES[/^pkg:(\w+)\//.exec(purl)?.[1] ?? ''] ?? BINARY;
  return {
    id: contentId(purl),
    name,
    version,
    type,
    foundBy,
    locations: places.map((place) => ({ path: `/${place}`, accessPath: `/${place}` })),
    licenses: license === undefined ? [] : [licenseIn(license)],
    language,
    cpes: cpe === undefined ? [] : [{ cpe, source: 'declared' }],
    purl,
    ...metadataOf(component, type),
  };
}

function metadataOf({ source = '', integrity = '' }: Component, type: string): object {
  if (type === 'npm') {
    return {
      metadataType: 'javascript-npm-package-lock-entry',
      metadata: { resolved: source, integrity, dependencies: {} },
    };
  }
  if (type === 'go-module') {
    return { metadataType: 'go-module-entry', metadata: { h1Digest: integrity.replace(/^sha256-/, 'h1:') } };
  }
  return { metadataType: 'binary-signature', metadata: { matches: [] } };
}

function licenseIn(text: string): object {
  const isKnown = licenseKind(text) !== 'name';
  return { value: text, spdxExpression: isKnown ? text : '', type: 'declared', urls: [], locations: [] };
}
