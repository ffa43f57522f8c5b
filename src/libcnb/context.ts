import { FnError } from '../base/error.ts';
import type { LogSink } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import { readDescriptor, type Descriptor } from './descriptor.ts';
import { readBuildpackPlan, type PlanEntry } from './plan.ts';
import { readPlatformEnv, readTarget, type Target } from './platform.ts';
import { readStore } from './store.ts';

/** The process a phase runs in. */
export interface Host {
  readonly env: Environment;
  /** Positional arguments, the way platforms passed paths before Buildpack API 0.8; used where a variable is missing. */
  readonly args: readonly string[];
  /** The working directory, which is the app's. */
  readonly cwd: string;
  readonly stdout: LogSink;
  readonly stderr: LogSink;
  /** Is told of what the phase fails of, beside what is printed. */
  readonly failed?: (error: unknown) => Promise<void>;
  /** Is told why detection says no, beside what is printed. */
  readonly refused?: (reason: string) => Promise<void>;
}

/** What both phases know. */
export interface PhaseContext {
  readonly appDir: string;
  readonly buildpackDir: string;
  readonly platformDir: string;
  readonly descriptor: Descriptor;
  readonly target: Target | undefined;
  /** The variables the user gave the platform. */
  readonly userEnv: Readonly<Record<string, string>>;
  /** The phase's own environment with the user's variables over it. */
  readonly env: Environment;
}

/** What bin/detect knows: https://github.com/buildpacks/spec/blob/main/buildpack.md#detection */
export interface DetectContext extends PhaseContext {
  readonly buildPlanPath: string;
}

/** What bin/build knows: https://github.com/buildpacks/spec/blob/main/buildpack.md#build */
export interface BuildContext extends PhaseContext {
  readonly layersDir: string;
  readonly plan: readonly PlanEntry[];
  /** `[metadata]` of store.toml as the previous build left it. */
  readonly store: Readonly<Record<string, unknown>>;
}

/** Reads bin/detect's inputs. */
export async function detectContext(host: Host): Promise<DetectContext> {
  const platformDir = pathFrom(host, 'CNB_PLATFORM_DIR', 0);
  const buildPlanPath = pathFrom(host, 'CNB_BUILD_PLAN_PATH', 1);
  return { ...(await phaseContext(host, platformDir)), buildPlanPath };
}

/** Reads bin/build's inputs. */
export async function buildContext(host: Host): Promise<BuildContext> {
  const layersDir = pathFrom(host, 'CNB_LAYERS_DIR', 0);
  const platformDir = pathFrom(host, 'CNB_PLATFORM_DIR', 1);
  const plan = await readBuildpackPlan(pathFrom(host, 'CNB_BP_PLAN_PATH', 2));
  return { ...(await phaseContext(host, platformDir)), layersDir, plan, store: await readStore(layersDir) };
}

async function phaseContext(host: Host, platformDir: string): Promise<PhaseContext> {
  const buildpackDir = pathFrom(host, 'CNB_BUILDPACK_DIR');
  const userEnv = await readPlatformEnv(platformDir);
  return {
    descriptor: await readDescriptor(buildpackDir),
    appDir: host.cwd,
    buildpackDir,
    platformDir,
    target: readTarget(host.env),
    userEnv,
    env: { ...host.env, ...userEnv },
  };
}

function pathFrom(host: Host, variable: string, position?: number): string {
  const path = host.env[variable] || (position === undefined ? undefined : host.args[position]);
  if (path) return path;
  throw new FnError(`Couldn't start the phase: ${variable} is not set.`, {
    code: 'OFN-CNB-ENVIRONMENT',
    hint: 'bin/detect and bin/build are started by a Cloud Native Buildpacks lifecycle: use pack, or "ofn build".',
  });
}
