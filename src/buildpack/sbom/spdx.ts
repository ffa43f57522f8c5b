import type { Bill, Component } from './bill.ts';
import { contentId, contentUuid } from './content-id.ts';
import { checksumsOf } from './integrity.ts';
import { licenseKind } from './license.ts';

/** The time that the lifecycle gives all files, so that the same bill is the same bytes. */
const CREATED = '1980-01-01T00:00:01Z';
const DOCUMENT = 'SPDXRef-DOCUMENT';
const SUBJECT = 'SPDXRef-subject';
const CREATOR = 'Tool: openfunction-node-function';

const UNKNOWN = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
};

/** A bill as a document of SPDX 2.3, the same bytes for the same bill: https://spdx.github.io/spdx-spec/v2.3/ */
export function spdx(bill: Bill): object {
  const { subject, components } = bill;
  const named = new Map<string, string>();
  const packages = components.map((component) => packageOf(component, named));
  const name = subject.name;
  const namespace = `https://spdx.org/spdxdocs/${encodeURIComponent(name)}-${contentUuid(JSON.stringify(bill))}`;
  const root = {
    SPDXID: SUBJECT,
    name,
    ...(subject.version === undefined ? {} : { versionInfo: subject.version }),
    ...UNKNOWN,
    licenseDeclared: declared(subject.license, named),
    primaryPackagePurpose: 'APPLICATION',
  };
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name,
    documentNamespace: namespace,
    creationInfo: { created: CREATED, creators: [CREATOR] },
    packages: [root, ...packages],
    ...(named.size === 0 ? {} : { hasExtractedLicensingInfos: [...named].map(extracted) }),
    relationships: relationsOf(bill),
  };
}

function packageOf(component: Component, named: Map<string, string>): object {
  const { purl, kind, name, version, license, integrity, source, cpe } = component;
  const checksums = checksumsOf(integrity).map(({ algorithm, value }) => ({
    algorithm: algorithm.replace('-', ''),
    checksumValue: value,
  }));
  return {
    SPDXID: idOf(purl),
    name,
    versionInfo: version,
    ...UNKNOWN,
    ...(source === undefined ? {} : { downloadLocation: source }),
    licenseDeclared: declared(license, named),
    primaryPackagePurpose: kind.toUpperCase(),
    ...(checksums.length === 0 ? {} : { checksums }),
    externalRefs: [
      reference('PACKAGE-MANAGER', 'purl', purl),
      ...(cpe === undefined ? [] : [reference('SECURITY', 'cpe23Type', cpe)]),
    ],
  };
}

/** What only the build uses is told by the other side: SPDX has no scopes. */
function relationsOf({ subject, components }: Bill): object[] {
  const development = new Set(components.flatMap(({ scope, purl }) => (scope === 'development' ? [purl] : [])));
  const depends = (from: string, on: readonly string[]): object[] =>
    on.map((purl) =>
      development.has(purl) && from === SUBJECT
        ? relation(idOf(purl), 'DEV_DEPENDENCY_OF', from)
        : relation(from, 'DEPENDS_ON', idOf(purl)),
    );
  return [
    relation(DOCUMENT, 'DESCRIBES', SUBJECT),
    ...depends(SUBJECT, subject.dependsOn),
    ...components.flatMap(({ purl, dependsOn }) => depends(idOf(purl), dependsOn)),
  ];
}

function relation(spdxElementId: string, relationshipType: string, relatedSpdxElement: string): object {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function reference(referenceCategory: string, referenceType: string, referenceLocator: string): object {
  return { referenceCategory, referenceType, referenceLocator };
}

/** A licence that SPDX does not know is described in the document. */
function declared(text: string | undefined, named: Map<string, string>): string {
  if (text === undefined) return 'NOASSERTION';
  if (licenseKind(text) !== 'name') return text;
  const id = `LicenseRef-${contentId(text)}`;
  named.set(id, text);
  return id;
}

function extracted([licenseId, text]: [string, string]): object {
  return { licenseId, name: text, extractedText: text };
}

/** Identifiers have letters, digits, dots and dashes alone; what was made of the whole keeps apart what looks the same then. */
function idOf(purl: string): string {
  return `SPDXRef-${purl.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}-${contentId(purl)}`;
}
