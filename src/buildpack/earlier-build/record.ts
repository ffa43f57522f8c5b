import { digestOfFiles, type AppFiles } from '../app-files/app-files.ts';
import { withMade } from '../app-files/made-files.ts';
import { isRepeatable, type Outcome, type Repeatable } from '../app-files/outcome.ts';
import { decodeMade } from '../app-files/text.ts';
import { FUNCTION_LAYER } from '../launch/function-layer.ts';
import { readCheckReport } from '../proof/check-protocol.ts';
import type { ProvenFunction } from '../proof/boot-check.ts';
import { metadataOf } from '../node/layer-metadata.ts';
import type { TomlTable } from '../../libcnb/toml-file.ts';
import type { BuildInput } from './input.ts';

/** What the build of the previous image made of the same input. */
export interface EarlierBuild {
  /** What it made in the app's folder. */
  readonly outcome: Repeatable;
  /** The function; undefined for an application. */
  readonly proven: EarlierFunction | undefined;
}

/** The function that an earlier build proved, with what there was to warn of. */
export interface EarlierFunction extends ProvenFunction {
  readonly warnings: readonly string[];
  /** Whether its image has compiled code. */
  readonly hasCompiledCode: boolean;
}

/** What the record of a build is made of. */
export interface Finished {
  readonly outcome: Outcome;
  /** Undefined for an application. */
  readonly proven: EarlierFunction | undefined;
}

/**
 * The metadata by which the next build knows what this one made of its input; undefined where it would have to make it
 * again all the same. It has what was made in the app's folder, and the digest of the folder as the image gets it.
 */
export function recordOf({ digest, given }: BuildInput, { outcome, proven }: Finished): TomlTable | undefined {
  if (!isRepeatable(outcome)) return undefined;
  const now = appWith(given, outcome);
  const made = outcome.kind === 'recorded' ? { files: outcome.text } : {};
  return now && { input: digest, app: digestOfFiles(now), ...made, ...(proven && recordOfFunction(proven)) };
}

function appWith(given: AppFiles, outcome: Repeatable): AppFiles | undefined {
  return outcome.kind === 'nothing' ? given : withMade(given, outcome.made);
}

function recordOfFunction({ hasCompiledCode, ...proven }: EarlierFunction): TomlTable {
  const { modulePath, signatureType, functions, exports, warnings } = proven;
  const report = { ok: true, modulePath, signatureType, functions, exports, warnings };
  const unbooted = exports === undefined ? true : undefined;
  return { proven: JSON.stringify(report), compiled: hasCompiledCode, unbooted };
}

/** What the previous image was made of the same input, when the metadata of its layer says so and is sound. */
export async function readRecord(
  layersDir: string,
  layer: string,
  input: BuildInput,
): Promise<EarlierBuild | undefined> {
  const metadata = await metadataOf(layersDir, layer);
  if (metadata['input'] !== input.digest) return undefined;
  const outcome = outcomeIn(metadata, input);
  const proven = functionIn(metadata);
  const isWhole = outcome !== undefined && (proven !== undefined || layer !== FUNCTION_LAYER);
  return isWhole ? { outcome, proven } : undefined;
}

/** What is damaged, or would be put where no image has it from here, is as if there were nothing. */
function outcomeIn({ files, app }: Readonly<Record<string, string>>, input: BuildInput): Repeatable | undefined {
  const outcome = files === undefined ? ({ kind: 'nothing' } as const) : recordedIn(files, input);
  const now = outcome && appWith(input.given, outcome);
  return now !== undefined && digestOfFiles(now) === app ? outcome : undefined;
}

function recordedIn(text: string, input: BuildInput): Repeatable | undefined {
  const made = decodeMade(text);
  return made?.added.every(({ path }) => input.isOfImage(path)) === true ? { kind: 'recorded', made, text } : undefined;
}

function functionIn({ proven, compiled, unbooted }: Readonly<Record<string, string>>): EarlierFunction | undefined {
  const report = readCheckReport(proven);
  if (report?.ok !== true) return undefined;
  const exports = unbooted === 'true' ? undefined : report.exports;
  return { ...report, exports, hasCompiledCode: compiled === 'true' };
}
