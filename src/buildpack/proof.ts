import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import type { BuildContext } from '../libcnb/context.ts';
import { proveFunction, type CheckedFunction, type ProvenFunction } from './boot-check.ts';
import type { Config } from './config/function.ts';
import { explainForeign, isForeign, type Architectures } from './foreign-code.ts';
import { finishModules, installModules, provideModules, type ModulesPlan } from './modules-layer.ts';
import type { NodeRuntime } from './node/runtime.ts';

/** What a proof needs to know. */
export interface Proof {
  readonly context: BuildContext;
  readonly config: Config;
  readonly node: NodeRuntime;
  readonly architectures: Architectures;
  readonly log: Log;
}

/**
 * Proves a function without dependencies of its own. A Node.js that is in the previous image alone is stood in for by
 * the builder's; should anything look wrong, it is fetched and has the last word.
 */
export async function prove(proof: Proof): Promise<ProvenFunction> {
  const { node, log } = proof;
  const tried = node.isAtHand() ? undefined : await tryStandIns(proof, []);
  if (tried?.doubt !== undefined) log.info(`Node.js ${node.version}: needed after all, ${tried.doubt}`);
  return announce(proof, tried?.checked ?? (await check(proof, [], await node.environment())));
}

/**
 * Proves a function that has dependencies. Those taken over from the previous image are not on disk: stand-ins show
 * that the function is still there; should anything look wrong or undecided, a real install has the last word.
 */
export async function proveWithModules(proof: Proof, plan: ModulesPlan): Promise<ProvenFunction> {
  const { node } = proof;
  let modules = await provideModules(plan);
  const tried = modules.onDisk ? undefined : await tryStandIns(proof, modules.demands);
  if (tried?.doubt !== undefined) {
    plan.log.info(`Dependencies: installing after all, ${tried.doubt}`);
    modules = await installModules(plan);
  }
  const checked = tried?.checked ?? (await check(proof, [], await node.environment()));
  await finishModules(plan, modules, checked.demands);
  return announce(proof, checked);
}

type Attempt =
  | { readonly checked: CheckedFunction; readonly doubt?: never }
  | { readonly doubt: string; readonly checked?: never };

async function tryStandIns(proof: Proof, known: readonly string[]): Promise<Attempt> {
  const { node } = proof;
  try {
    const checked = await check(proof, known, node.isAtHand() ? await node.environment() : node.standIn);
    if (checked.undecided !== undefined) return { doubt: `because loading asks packages for ${checked.undecided}` };
    return checked.warnings.length === 0 ? { checked } : { doubt: 'to make sure of a warning' };
  } catch (error) {
    if (error instanceof FnError) return { doubt: `to make sure of ${error.code}` };
    throw error;
  }
}

async function check(proof: Proof, standIns: readonly string[], env: Environment): Promise<CheckedFunction> {
  const { context, config, log } = proof;
  const { appDir, buildpackDir } = context;
  const source = config.source.value;
  const signatureType = config.signatureType.value;
  if (!config.check.value)
    return { modulePath: source, signatureType, demands: [], undecided: undefined, warnings: [] };
  const request = { source, target: config.target.value, signatureType, standIns, keel: config.keel };
  const { architectures } = proof;
  if (!isForeign(architectures)) return proveFunction({ buildpackDir, appDir, request, env, log });
  return proveFunction({ buildpackDir, appDir, request, env, log }).catch(async (error: unknown) => {
    const nodeModules = await realpath(join(appDir, 'node_modules'));
    throw error instanceof FnError ? await explainForeign(nodeModules, architectures, error) : error;
  });
}

function announce({ config, log }: Proof, { modulePath, signatureType, warnings }: CheckedFunction): ProvenFunction {
  for (const warning of warnings) log.warn(warning);
  if (config.check.value) {
    log.info(`Function "${config.target.value}": boots, ${signatureType} signature, ${modulePath}`);
  } else {
    log.warn(`The function was not booted, because ${config.check.source} says so.`);
  }
  return { modulePath, signatureType };
}
