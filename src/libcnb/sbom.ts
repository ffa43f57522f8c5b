import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import type { Descriptor } from './descriptor.ts';
import { writeText } from './text-file.ts';

/** The formats and what they are called: https://github.com/buildpacks/spec/blob/main/buildpack.md#software-bill-of-materials */
export const SBOM_FORMATS = {
  cyclonedx: { mediaType: 'application/vnd.cyclonedx+json', extension: 'cdx.json' },
  spdx: { mediaType: 'application/spdx+json', extension: 'spdx.json' },
  syft: { mediaType: 'application/vnd.syft+json', extension: 'syft.json' },
} as const;

/** One of the three formats. */
export type SbomFormat = keyof typeof SBOM_FORMATS;

/** What an SBOM is about: the whole image at launch, the build, or a layer by its name. */
export type SbomSubject = 'launch' | 'build' | { readonly layer: string };

/** Where an SBOM file belongs. */
export function sbomPath(layersDir: string, subject: SbomSubject, format: SbomFormat): string {
  const name = typeof subject === 'string' ? subject : subject.layer;
  return join(layersDir, `${name}.sbom.${SBOM_FORMATS[format].extension}`);
}

/** Writes an SBOM; a format that buildpack.toml does not list is refused, as the lifecycle would refuse it later. */
export async function writeSbom(
  layersDir: string,
  descriptor: Descriptor,
  sbom: { readonly subject: SbomSubject; readonly format: SbomFormat; readonly document: unknown },
): Promise<void> {
  const { mediaType } = SBOM_FORMATS[sbom.format];
  if (!descriptor.sbomFormats.includes(mediaType)) {
    throw new FnError(`Couldn't write an SBOM: buildpack.toml does not list ${mediaType}.`, {
      code: 'OFN-CNB-SBOM',
      hint: 'Add it to "sbom-formats" in [buildpack].',
    });
  }
  await writeText(sbomPath(layersDir, sbom.subject, sbom.format), `${JSON.stringify(sbom.document, null, 2)}\n`);
}
