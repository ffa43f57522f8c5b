import { readCheckReport } from '../proof/check-protocol.ts';
import type { ProvenFunction } from '../proof/boot-check.ts';
import { metadataOf } from '../node/layer-metadata.ts';
import type { TomlTable } from '../../libcnb/toml-file.ts';

/** The function that an earlier build proved, with what there was to warn of. */
export interface EarlierFunction extends ProvenFunction {
  readonly warnings: readonly string[];
  /** Whether its image has compiled code. */
  readonly hasCompiledCode: boolean;
}

/** The metadata by which the next build knows a function of the same input. */
export function recordOf(digest: string, proven: EarlierFunction): TomlTable {
  const { modulePath, signatureType, functions, exports, warnings, hasCompiledCode } = proven;
  const report = { ok: true, modulePath, signatureType, functions, exports, warnings };
  return { input: digest, proven: JSON.stringify(report), compiled: hasCompiledCode };
}

/** The function in the previous image, when that was built of the same input and has such a record. */
export async function readRecord(
  layersDir: string,
  layer: string,
  digest: string,
): Promise<EarlierFunction | undefined> {
  const { input, proven, compiled } = await metadataOf(layersDir, layer);
  if (input !== digest) return undefined;
  const report = readCheckReport(proven);
  return report?.ok === true ? { ...report, hasCompiledCode: compiled === 'true' } : undefined;
}
