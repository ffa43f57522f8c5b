import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { SbomFormat } from '../../src/libcnb/sbom.ts';

const CYCLONEDX = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res/schema',
);

const read = (name: string): object =>
  JSON.parse(readFileSync(join(CYCLONEDX, `${name}.SNAPSHOT.schema.json`), 'utf8'));

/** CycloneDX's own schema, out of its library. */
function cycloneDx(): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  for (const format of ['iri-reference', 'idn-email']) ajv.addFormat(format, true);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  return ajv.compile(read('bom-1.6'));
}

const text = { type: 'string' };
const filled = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text };
const list = (items: object) => ({ type: 'array', items });
/** An object with these properties and no others; those that are not `optional` are required. */
const exactly = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const SPDX_ID = { type: 'string', pattern: '^SPDXRef-[A-Za-z0-9.-]+$' };
const LICENSE = { type: 'string', pattern: '^(?:NOASSERTION|[A-Za-z0-9.+() -]+)$' };

/** What the specification of SPDX 2.3 says of the parts that are written: https://spdx.github.io/spdx-spec/v2.3/ */
const SPDX = exactly(
  {
    spdxVersion: { const: 'SPDX-2.3' },
    dataLicense: { const: 'CC0-1.0' },
    SPDXID: { const: 'SPDXRef-DOCUMENT' },
    name: filled,
    documentNamespace: { type: 'string', pattern: '^https://[^#\\s]+$' },
    creationInfo: exactly({
      created: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
      creators: list({ type: 'string', pattern: '^Tool: \\S+$' }),
    }),
    packages: list(
      exactly(
        {
          SPDXID: SPDX_ID,
          name: filled,
          versionInfo: text,
          downloadLocation: { type: 'string', pattern: '^(?:NOASSERTION|\\S+:\\S+)$' },
          filesAnalyzed: { const: false },
          licenseConcluded: { const: 'NOASSERTION' },
          licenseDeclared: LICENSE,
          copyrightText: { const: 'NOASSERTION' },
          primaryPackagePurpose: { enum: ['APPLICATION', 'LIBRARY'] },
          checksums: list(
            exactly({
              algorithm: { enum: ['SHA1', 'SHA256', 'SHA384', 'SHA512'] },
              checksumValue: { type: 'string', pattern: '^[0-9a-f]{40,128}$' },
            }),
          ),
          externalRefs: list(
            exactly({
              referenceCategory: { enum: ['PACKAGE-MANAGER', 'SECURITY'] },
              referenceType: { enum: ['purl', 'cpe23Type'] },
              referenceLocator: { type: 'string', pattern: '^(?:pkg|cpe):\\S+$' },
            }),
          ),
        },
        ['versionInfo', 'checksums', 'externalRefs'],
      ),
    ),
    hasExtractedLicensingInfos: list(
      exactly({
        licenseId: { type: 'string', pattern: '^LicenseRef-[A-Za-z0-9.-]+$' },
        name: filled,
        extractedText: filled,
      }),
    ),
    relationships: list(
      exactly({
        spdxElementId: SPDX_ID,
        relationshipType: { enum: ['DESCRIBES', 'DEPENDS_ON', 'DEV_DEPENDENCY_OF'] },
        relatedSpdxElement: SPDX_ID,
      }),
    ),
  },
  ['hasExtractedLicensingInfos'],
);

const ID = { type: 'string', pattern: '^[0-9a-f]{16}$' };
const LOCATION = exactly({ path: { type: 'string', pattern: '^/' }, accessPath: text });

/** What Syft's schema says of the parts that are written: https://github.com/anchore/syft/tree/main/schema/json */
const SYFT = exactly({
  artifacts: list(
    exactly({
      id: ID,
      name: filled,
      version: text,
      type: { enum: ['npm', 'go-module', 'binary'] },
      foundBy: filled,
      locations: list(LOCATION),
      licenses: list(
        exactly({
          value: filled,
          spdxExpression: text,
          type: { const: 'declared' },
          urls: texts,
          locations: list(LOCATION),
        }),
      ),
      language: text,
      cpes: list(exactly({ cpe: { type: 'string', pattern: '^cpe:2.3:' }, source: text })),
      purl: { type: 'string', pattern: '^pkg:' },
      metadataType: { enum: ['javascript-npm-package-lock-entry', 'go-module-entry', 'binary-signature'] },
      metadata: {
        anyOf: [
          exactly({ resolved: text, integrity: text, dependencies: { type: 'object' } }),
          exactly({ h1Digest: text }),
          exactly({ matches: { type: 'array' } }),
        ],
      },
    }),
  ),
  artifactRelationships: list(exactly({ parent: ID, child: ID, type: { const: 'dependency-of' } })),
  files: { type: 'array', maxItems: 0 },
  source: exactly({ id: ID, name: filled, version: text, type: text, metadata: exactly({ path: text }) }),
  distro: exactly({}),
  descriptor: exactly({ name: filled, version: text }),
  schema: exactly({ version: { type: 'string', pattern: '^16\\.' }, url: { type: 'string', pattern: '^https://' } }),
});

const VALIDATORS: Readonly<Record<SbomFormat, ValidateFunction>> = {
  cyclonedx: cycloneDx(),
  spdx: new Ajv({ allErrors: true }).compile(SPDX),
  syft: new Ajv({ allErrors: true }).compile(SYFT),
};

/** What is wrong with a document, as the schema of its format has it, and with its references; none when it is right. */
export function faultsOf(format: SbomFormat, document: unknown): string[] {
  const validate = VALIDATORS[format];
  if (!validate(document))
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  const { ids, mentions } = REFERENCES[format](document as never);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`);
  return [...twice, ...mentions.filter((id) => !ids.includes(id)).map((id) => `${id} is not there`)];
}

interface References {
  readonly ids: string[];
  readonly mentions: string[];
}

const REFERENCES: Readonly<Record<SbomFormat, (document: never) => References>> = {
  cyclonedx: (document: {
    metadata: { component: { 'bom-ref': string } };
    components: { 'bom-ref': string }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  }) => ({
    ids: [document.metadata.component, ...document.components].map((component) => component['bom-ref']),
    mentions: document.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]),
  }),
  spdx: (document: {
    packages: { SPDXID: string; licenseDeclared: string }[];
    hasExtractedLicensingInfos?: { licenseId: string }[];
    relationships: { spdxElementId: string; relatedSpdxElement: string }[];
  }) => ({
    ids: [
      'SPDXRef-DOCUMENT',
      ...document.packages.map(({ SPDXID }) => SPDXID),
      ...(document.hasExtractedLicensingInfos ?? []).map(({ licenseId }) => licenseId),
    ],
    mentions: [
      ...document.relationships.flatMap(({ spdxElementId, relatedSpdxElement }) => [spdxElementId, relatedSpdxElement]),
      ...document.packages.map(({ licenseDeclared }) => licenseDeclared).filter((id) => id.startsWith('LicenseRef-')),
    ],
  }),
  syft: (document: { artifacts: { id: string }[]; artifactRelationships: { parent: string; child: string }[] }) => ({
    ids: document.artifacts.map(({ id }) => id),
    mentions: document.artifactRelationships.flatMap(({ parent, child }) => [parent, child]),
  }),
};
