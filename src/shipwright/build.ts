import { constants } from 'node:fs';
import { access, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, FnError } from '../base/error.ts';
import type { LogSink } from '../base/log.ts';
import { isFile, isFolder } from '../base/path-kind.ts';
import { isTable } from '../base/table.ts';
import { readToml } from '../libcnb/toml-file.ts';
import { reportFile, runCreator, type CreatorFailure } from './creator.ts';
import { reportOf } from './failure-report.ts';
import { findFailureFiles, readArguments, type ResultFiles, type ShipwrightRequest } from './request.ts';
import { readOpenFunctionVariables } from './openfunction-variables.ts';
import { tellFailure } from './task-results.ts';
import { readBuildVariables, writePlatformEnv } from './variables.ts';

/** The world of a strategy's step. */
export interface Step {
  readonly args: readonly string[];
  /** The variables of its container, as /proc has them. */
  readonly environ: Buffer;
  readonly stdout: LogSink;
  readonly stderr: LogSink;
  /** Aborted once the BuildRun is cancelled. */
  readonly stopped: AbortSignal;
}

/** Builds what a strategy of deploy/shipwright asks for, tells Shipwright of it, and gives the exit code. */
export async function buildForShipwright(step: Step): Promise<number> {
  const failure = await attempt(async () => {
    const { request, results } = readArguments(step.args);
    return build(request, results, step);
  }, step);
  if (failure === undefined) return 0;
  // Where they are is known also of arguments that can't be used.
  const files = findFailureFiles(step.args);
  // Our buildpack has told its failures itself.
  if (files === undefined || (failure.isOfBuildpacks && isFile(files.reason))) return 1;
  await attempt(async () => {
    await tellFailure(failure, files);
    return undefined;
  }, step);
  return 1;
}

/** The report of a failure of ours, which the log has not told yet. */
async function attempt(
  act: () => Promise<CreatorFailure | undefined>,
  { stderr }: Step,
): Promise<CreatorFailure | undefined> {
  try {
    return await act();
  } catch (error) {
    stderr.write(`${describeError(error)}\n`);
    return { ...reportOf(error), isOfBuildpacks: false };
  }
}

async function build(
  request: ShipwrightRequest,
  results: ResultFiles,
  step: Step,
): Promise<CreatorFailure | undefined> {
  const variables = readBuildVariables(step.environ, readOpenFunctionVariables(request.variables));
  await writePlatformEnv(request.platform, variables.build);
  await needFolders(request);
  const failure = await runCreator(request, variables.lifecycle, step);
  if (failure !== undefined) return failure;
  const digest = await digestOf(request);
  await writeFile(results.digest, digest);
  await keepBills(request, digest);
  return undefined;
}

/** Says what is missing before anything is built: afterwards the image would be in its registry all the same. */
async function needFolders({ app, cache, sbom }: ShipwrightRequest): Promise<void> {
  if (!isFolder(app)) throw unfit(`the source has no folder ${app}`, 'Correct spec.source.contextDir of the Build.');
  await needWritable(cache, 'cache');
  if (sbom !== '') await needWritable(sbom, 'sbom');
}

async function needWritable(folder: string, volume: string): Promise<void> {
  await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw unfit(
      `user 1000 may not write to the volume "${volume}"`,
      `Give the volume to group 1000: fsGroup 1000 in default-pod-template of Tekton's config-defaults does.`,
      error,
    );
  });
}

/** https://github.com/buildpacks/spec/blob/main/platform.md#reporttoml-toml */
async function digestOf(request: ShipwrightRequest): Promise<string> {
  const { image } = await readToml(reportFile(request));
  const digest = isTable(image) ? image['digest'] : undefined;
  if (typeof digest === 'string') return digest;
  throw new FnError("Couldn't tell the image's digest: the lifecycle did not say it.", {
    code: 'OFN-LIFECYCLE',
    hint: 'Use the builder openfunction/builder-node, whose lifecycle does.',
  });
}

/** Bills of what is in the image and of what built it, by format, as the lifecycle left them. */
async function keepBills({ layers, sbom }: ShipwrightRequest, digest: string): Promise<void> {
  const bills = join(layers, 'sbom');
  if (sbom === '' || !isFolder(bills)) return;
  await cp(bills, join(sbom, digest.replace(':', '-')), { recursive: true });
}

function unfit(what: string, hint: string, cause?: unknown): FnError {
  return new FnError(`Couldn't build the image: ${what}.`, { code: 'OFN-SHIPWRIGHT', hint, cause });
}
