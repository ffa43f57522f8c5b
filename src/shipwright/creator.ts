import { join } from 'node:path';
import { execa } from 'execa';
import type { LogSink } from '../base/log.ts';
import { FailureReader, type FailureReport } from './failure-report.ts';
import type { ShipwrightRequest } from './request.ts';

/** The newest Platform API that lifecycle 0.21 speaks. */
const PLATFORM_API = '0.15';

/** Why the creator failed. */
export interface CreatorFailure extends FailureReport {
  /** Whether it may have been a buildpack that did. */
  readonly isOfBuildpacks: boolean;
}

/** Where the lifecycle writes what it made. */
export function reportFile({ layers }: ShipwrightRequest): string {
  return join(layers, 'report.toml');
}

/** The arguments of the lifecycle's creator: https://github.com/buildpacks/spec/blob/main/platform.md#creator */
export function creatorArguments(request: ShipwrightRequest): readonly string[] {
  const { runImage, cacheImage, insecureRegistries } = request;
  return [
    '-no-color',
    `-app=${request.app}`,
    `-cache-dir=${request.cache}`,
    ...(cacheImage === '' ? [] : [`-cache-image=${cacheImage}`, '-parallel']),
    ...insecureRegistries.map((host) => `-insecure-registry=${host}`),
    `-layers=${request.layers}`,
    `-log-level=${request.logLevel}`,
    `-platform=${request.platform}`,
    `-report=${reportFile(request)}`,
    ...(runImage === '' ? [] : [`-run-image=${runImage}`]),
    `-skip-restore=${request.clearCache}`,
    request.image,
  ];
}

/** Runs the lifecycle's creator, what it prints to `stdout`, and gives why it failed, if it did. */
export async function runCreator(
  request: ShipwrightRequest,
  variables: Readonly<Record<string, string>>,
  { stdout, stopped }: { readonly stdout: LogSink; readonly stopped: AbortSignal },
): Promise<CreatorFailure | undefined> {
  const child = execa(join(request.lifecycle, 'creator'), creatorArguments(request), {
    env: { ...variables, CNB_PLATFORM_API: PLATFORM_API },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    cancelSignal: stopped,
  });
  const reader = new FailureReader();
  for await (const line of child.iterable({ from: 'all' })) {
    stdout.write(`${line}\n`);
    reader.read(line);
  }
  const { failed, signal } = await child;
  return failed ? { ...reader.report(signal), isOfBuildpacks: reader.isOfBuildpacks } : undefined;
}
