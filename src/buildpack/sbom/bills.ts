import { rm } from 'node:fs/promises';
import type { BuildContext } from '../../libcnb/context.ts';
import { SBOM_FORMATS, sbomPath, writeSbom, type SbomFormat, type SbomSubject } from '../../libcnb/sbom.ts';
import { kindOf } from '../../libcnb/text-file.ts';
import type { Bill } from './bill.ts';
import { cycloneDx } from './cyclonedx.ts';
import { spdx } from './spdx.ts';
import { syft } from './syft.ts';

const FORMATS: readonly SbomFormat[] = ['cyclonedx', 'spdx', 'syft'];

/** A bill in each format. */
export const DOCUMENTS: Readonly<Record<SbomFormat, (bill: Bill) => object>> = { cyclonedx: cycloneDx, spdx, syft };

/** Where a build puts its bills of materials. */
export interface Bills {
  /** Whether there are any. */
  readonly enabled: boolean;
  /** Writes a bill in every format. */
  write(subject: SbomSubject, bill: Bill): Promise<void>;
  /**
   * Whether a layer that is taken over has what it needs: the lifecycle brings a layer's bills back with its metadata.
   * Without bills those that came back are removed.
   */
  keep(layer: string): Promise<boolean>;
}

/** The bills of a build. */
export function openBills({ layersDir, descriptor }: BuildContext, enabled: boolean): Bills {
  const pathsOf = (layer: string): string[] => FORMATS.map((format) => sbomPath(layersDir, { layer }, format));
  return {
    enabled,
    write: async (subject, bill) => {
      if (!enabled) return;
      for (const format of FORMATS) {
        await writeSbom(layersDir, descriptor, { subject, format, document: DOCUMENTS[format](bill) });
      }
    },
    keep: async (layer) => {
      const paths = pathsOf(layer);
      if (!enabled) await Promise.all(paths.map((path) => rm(path, { force: true })));
      const kinds = enabled ? await Promise.all(paths.map(kindOf)) : [];
      return kinds.every((kind) => kind !== undefined);
    },
  };
}

/** The names of files with one bill in every format, and their texts. */
export function billFiles(name: string, bill: Bill): Map<string, string> {
  return new Map(
    FORMATS.map((format) => [
      `${name}.sbom.${SBOM_FORMATS[format].extension}`,
      `${JSON.stringify(DOCUMENTS[format](bill), null, 2)}\n`,
    ]),
  );
}
