import { dirname, join } from 'node:path';
import { FnError } from '../../base/error.ts';
import { fromLevel, type Log } from '../../base/log.ts';
import type { Environment, Resolved } from '../../base/setting.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import { keepStartBudget } from '../budgets/start.ts';
import { proveFunction, type CheckedFunction, type ProvenFunction } from './boot-check.ts';
import type { CompiledRequest } from './check-protocol.ts';
import { finishCompileCache, type CompiledCode } from '../compile-cache/finish.ts';
import type { CompileCache } from '../compile-cache/layer.ts';
import type { Config } from '../config/function.ts';
import { explainForeign, isForeign, type Architectures } from '../dependencies/foreign-code.ts';
import type { FrameworkLayer } from '../framework-layer/framework-layer.ts';
import { explainAlias } from '../typescript/alias.ts';
import type { NodeRuntime } from '../node/runtime.ts';

/** What a proof needs to know. */
export interface Proof {
  readonly context: BuildContext;
  readonly config: Config;
  readonly node: NodeRuntime;
  readonly architectures: Architectures;
  readonly log: Log;
  readonly framework: FrameworkLayer;
  /** Where compiled code goes; undefined when there is to be none. */
  readonly compileCache: CompileCache | undefined;
  /** Milliseconds of processor time that a start may take. */
  readonly startBudget: Resolved<number | undefined>;
}

/** A proven function, with what makes it start faster. */
export interface Launchable extends ProvenFunction {
  /** What did not keep it from booting. */
  readonly warnings: readonly string[];
  /** Compiled code for the rendered main; undefined when there is none. */
  readonly compiledCode: CompiledCode | undefined;
  /** Whether the image has compiled code, also where it was taken over. */
  readonly hasCompiledCode: boolean;
}

/** How to boot a function once. */
export interface Step {
  /** Demands that stand-ins meet. */
  readonly standIns: readonly string[];
  /** Whether it compiles all that the function loads, or the app's own modules alone. */
  readonly complete: boolean;
  /** Folder for compiled code. */
  readonly folder: string;
  readonly env: Environment;
}

/** Boots the function, unless the project does not want that, and leaves compiled code where some is wanted. */
export async function check(proof: Proof, step: Step): Promise<CheckedFunction> {
  const { config, compileCache, framework } = proof;
  if (!config.check.value) {
    const { source, signatureType } = config;
    const nothingSeen = {
      demands: [],
      undecided: undefined,
      unknown: undefined,
      warnings: [],
      functions: [],
      exports: undefined,
    };
    return { modulePath: source.value, signatureType: signatureType.value, ...nothingSeen, cpuMilliseconds: 0 };
  }
  await (compileCache !== undefined && step.complete ? framework.bring() : framework.written);
  return boot(proof, step, compileCache === undefined ? undefined : compiledOf(proof, step));
}

/** Tells what was found out about the function, and gives what launches need. */
export async function conclude(proof: Proof, checked: CheckedFunction, step: Step): Promise<Launchable> {
  const { compileCache, log, startBudget } = proof;
  const proven = announce(proof, checked);
  const again = {
    // What it prints was told when it first booted.
    boot: async (compiled: CompiledRequest | undefined) => boot({ ...proof, log: fromLevel(log) }, step, compiled),
  };
  const rehearsed = { ...again, compiled: compiledOf(proof, step), complete: step.complete };
  const compiledCode = compileCache && (await finishCompileCache(compileCache, rehearsed, log));
  await keepStartBudget(startBudget, { ...again, entries: compiledCode?.folder }, log);
  return { ...proven, compiledCode, hasCompiledCode: compiledCode !== undefined };
}

async function boot(
  { context, config, architectures, log }: Proof,
  { standIns, complete, env }: Step,
  compiled: CompiledRequest | undefined,
): Promise<CheckedFunction> {
  const { appDir, buildpackDir, layersDir } = context;
  const source = config.source.value;
  const signatureType = config.signatureType.value;
  // Other buildpacks have their layers beside ours.
  const bounds = { appDir, folders: [dirname(layersDir), buildpackDir] };
  const request = {
    source,
    target: config.target.value,
    signatureType,
    bounds,
    standIns,
    complete,
    keel: config.keel,
    compiled,
  };
  const proven = proveFunction({ buildpackDir, appDir, request, env, log }).catch(async (error: unknown) => {
    throw await explainAlias(appDir, error);
  });
  if (!isForeign(architectures)) return proven;
  return proven.catch(async (error: unknown) => {
    const installed = [join(layersDir, 'modules'), join(appDir, 'node_modules')];
    throw error instanceof FnError ? await explainForeign(installed, architectures, error) : error;
  });
}

/** Warns of a function that nobody boots. */
export function tellUnbooted({ check }: Pick<Config, 'check'>, log: Log): void {
  log.warn(`The function was not booted, because ${check.source} says so.`);
}

function compiledOf({ framework }: Proof, { folder, complete }: Step): CompiledRequest {
  return { folder, preloaded: complete ? framework.preloaded : [] };
}

function announce(
  { config, log }: Proof,
  checked: CheckedFunction,
): Omit<Launchable, 'compiledCode' | 'hasCompiledCode'> {
  const { modulePath, signatureType, functions, exports, warnings } = checked;
  for (const warning of warnings) log.warn(warning);
  if (config.check.value) {
    log.info(`Function "${config.target.value}": boots, ${signatureType} signature, ${modulePath}`);
  } else {
    tellUnbooted(config, log);
  }
  return { modulePath, signatureType, functions, exports, warnings };
}
