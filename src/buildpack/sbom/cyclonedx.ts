import type { Bill, Component } from './bill.ts';
import { contentUuid } from './content-id.ts';
import { checksumsOf } from './integrity.ts';
import { licenseKind } from './license.ts';

/** The `bom-ref` of what the bill is of. */
export const SUBJECT = 'subject';

/** A bill as a document of CycloneDX 1.6, the same bytes for the same bill: https://cyclonedx.org/docs/1.6/json/ */
export function cycloneDx(bill: Bill): object {
  const { subject, components } = bill;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${contentUuid(JSON.stringify(bill))}`,
    version: 1,
    metadata: {
      component: {
        'bom-ref': SUBJECT,
        type: 'application',
        name: subject.name,
        ...(subject.version === undefined ? {} : { version: subject.version }),
        ...licensesOf(subject.license),
      },
    },
    components: components.map(componentOf),
    dependencies: [
      { ref: SUBJECT, dependsOn: subject.dependsOn },
      ...components.map(({ purl, dependsOn }) => ({ ref: purl, dependsOn })),
    ],
  };
}

function componentOf(component: Component): object {
  const { purl, kind, name, version, scope, license, integrity, source, cpe, places } = component;
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  const hashes = checksumsOf(integrity).map(({ algorithm, value }) => ({ alg: algorithm, content: value }));
  return {
    'bom-ref': purl,
    type: kind,
    ...(slash === -1 ? { name } : { group: name.slice(0, slash), name: name.slice(slash + 1) }),
    version,
    scope: scope === 'production' ? 'required' : 'excluded',
    ...(hashes.length === 0 ? {} : { hashes }),
    ...licensesOf(license),
    ...(cpe === undefined ? {} : { cpe }),
    purl,
    ...(source === undefined ? {} : { externalReferences: [{ type: 'distribution', url: source }] }),
    // https://github.com/CycloneDX/cyclonedx-property-taxonomy/blob/main/cdx/npm.md
    ...(scope === 'development' ? { properties: [{ name: 'cdx:npm:package:development', value: 'true' }] } : {}),
    ...(places.length === 0 ? {} : { evidence: { occurrences: places.map((location) => ({ location })) } }),
  };
}

function licensesOf(text: string | undefined): object {
  if (text === undefined) return {};
  const kind = licenseKind(text);
  if (kind === 'expression') return { licenses: [{ expression: text, acknowledgement: 'declared' }] };
  const license = kind === 'id' ? { id: text } : { name: text };
  return { licenses: [{ license: { ...license, acknowledgement: 'declared' } }] };
}
