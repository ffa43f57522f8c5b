import { join } from 'node:path';
import type { BuildContext } from '../../libcnb/context.ts';
import { SBOM_FORMATS, sbomPath, writeSbom, type SbomFormat, type SbomSubject } from '../../libcnb/sbom.ts';
import { kindOf, namesIn, removeAll } from '../../libcnb/text-file.ts';
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
  /** Whether a layer that is taken over has what it needs: the lifecycle brings its bills back with its metadata. */
  isComplete(layer: string): Promise<boolean>;
}

/** The bills of a build; where there are to be none, those that the lifecycle brought back are removed. */
export async function openBills({ layersDir, descriptor }: BuildContext, enabled: boolean): Promise<Bills> {
  if (!enabled) {
    const restored = (await namesIn(layersDir)).filter((name) => name.includes('.sbom.'));
    await Promise.all(restored.map((name) => removeAll(join(layersDir, name))));
  }
  return {
    enabled,
    write: async (subject, bill) => {
      if (!enabled) return;
      for (const format of FORMATS) {
        await writeSbom(layersDir, descriptor, { subject, format, document: DOCUMENTS[format](bill) });
      }
    },
    isComplete: async (layer) => {
      const wanted = enabled ? FORMATS : [];
      const kinds = await Promise.all(wanted.map((format) => kindOf(sbomPath(layersDir, { layer }, format))));
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
