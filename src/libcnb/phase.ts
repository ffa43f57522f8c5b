import { describeError } from '../base/error.ts';
import { buildContext, detectContext, type BuildContext, type DetectContext, type Host } from './context.ts';
import { EXIT_CODE } from './exit-code.ts';
import { writeLaunch, type Launch } from './launch.ts';
import { encodeBuildPlan, type BuildPlan } from './plan.ts';
import { writeStore } from './store.ts';
import { writeToml, type TomlTable } from './toml-file.ts';
import { writeUnmet } from './unmet.ts';

/** Whether the buildpack is for this app, or why it isn't. */
export type DetectResult =
  | { readonly pass: true; readonly plan?: BuildPlan }
  | { readonly pass: false; readonly reason: string };

/** What a build leaves beside its layers. */
export interface BuildResult {
  readonly launch?: Launch;
  /** Plan entries that were not met. */
  readonly unmet?: readonly string[];
  /** Metadata for the next build. */
  readonly store?: TomlTable;
}

/** Runs bin/detect: writes the plan, prints why it fails, and gives the exit code. */
export async function runDetect(
  detect: (context: DetectContext) => Promise<DetectResult>,
  host: Host,
): Promise<number> {
  return guarded(host, async () => {
    const context = await detectContext(host);
    const result = await detect(context);
    if (!result.pass) {
      host.stdout.write(`${result.reason}\n`);
      await host.refused?.(result.reason);
      return EXIT_CODE.detectFailed;
    }
    if (result.plan !== undefined) await writeToml(context.buildPlanPath, encodeBuildPlan(result.plan));
    return EXIT_CODE.success;
  });
}

/** Runs bin/build: writes launch.toml, build.toml and store.toml, and gives the exit code. */
export async function runBuild(build: (context: BuildContext) => Promise<BuildResult>, host: Host): Promise<number> {
  return guarded(host, async () => {
    const context = await buildContext(host);
    const { launch, unmet, store } = await build(context);
    if (launch !== undefined) await writeLaunch(context.layersDir, launch);
    if (unmet !== undefined) await writeUnmet(context.layersDir, unmet);
    if (store !== undefined) await writeStore(context.layersDir, store);
    return EXIT_CODE.success;
  });
}

async function guarded(host: Host, phase: () => Promise<number>): Promise<number> {
  try {
    return await phase();
  } catch (error) {
    host.stderr.write(`${describeError(error)}\n`);
    await host.failed?.(error);
    return EXIT_CODE.error;
  }
}
