import { FnError } from '../../base/error.ts';
import { inFillFolder } from '../compile-cache/fill.ts';
import {
  finishModules,
  installModules,
  provideModules,
  withProjectLinks,
  type ModulesPlan,
} from '../dependencies/modules-layer.ts';
import { describeName, modulesAmong } from '../project/package-imports.ts';
import { check, conclude, type Launchable, type Proof, type Step } from './rehearsal.ts';

/**
 * Proves a function without dependencies of its own. A Node.js that is in the previous image alone is stood in for by
 * the builder's; should anything look wrong, it is fetched and has the last word.
 */
export async function prove(proof: Proof): Promise<Launchable> {
  const { node, log } = proof;
  const tried = node.isAtHand() ? undefined : await tryStandIns(proof, []);
  if (tried?.launchable !== undefined) return tried.launchable;
  if (tried !== undefined) log.info(`Node.js ${node.version}: needed after all, ${tried.doubt}`);
  return inFillFolder(async (folder) => {
    const complete = proof.compileCache?.kept === undefined || proof.startBudget.value !== undefined;
    const step = { standIns: [], complete, folder, env: await node.environment() };
    return conclude(proof, await check(proof, step), step);
  });
}

/**
 * Proves a function that has dependencies. Those taken over from the previous image are not on disk: stand-ins show
 * that the function is still there; should anything look wrong or undecided, a real install has the last word.
 */
export async function proveWithModules(proof: Proof, plan: ModulesPlan): Promise<Launchable> {
  const { node, log } = proof;
  let modules = await provideModules(plan);
  const taken = modules;
  const tried = taken.onDisk
    ? undefined
    : await withProjectLinks(plan, taken, async () => tryStandIns(proof, taken.demands));
  if (tried?.launchable !== undefined) {
    await finishModules(plan, modules, tried.demands);
    return tried.launchable;
  }
  if (tried !== undefined) {
    log.info(`Dependencies: installing after all, ${tried.doubt}`);
    modules = await installModules(plan);
  }
  return inFillFolder(async (folder) => {
    const step = { standIns: [], complete: true, folder, env: await node.environment() };
    const checked = await check(proof, step);
    await finishModules(plan, modules, checked.demands);
    return conclude(proof, checked, step);
  });
}

type Attempt =
  | { readonly launchable: Launchable; readonly demands: readonly string[] }
  | { readonly doubt: string; readonly launchable?: never };

async function tryStandIns(proof: Proof, standIns: readonly string[]): Promise<Attempt> {
  const { node, compileCache, startBudget } = proof;
  if (startBudget.value !== undefined) return { doubt: 'to measure how long it takes to start' };
  if (compileCache !== undefined && compileCache.kept === undefined) return { doubt: 'for the compile cache' };
  const env = node.isAtHand() ? await node.environment() : node.standIn;
  return inFillFolder(async (folder) => tryStep(proof, { standIns, complete: false, folder, env }));
}

async function tryStep(proof: Proof, step: Step): Promise<Attempt> {
  try {
    const checked = await check(proof, step);
    const { demands, undecided, unknown, warnings } = checked;
    if (unknown !== undefined) return { doubt: `to look up ${describeName(unknown)}` };
    if (undecided !== undefined) return { doubt: `because loading asks packages for ${undecided}` };
    if (warnings.length > 0) return { doubt: 'to make sure of a warning' };
    // A first build of the same source would have less in it.
    if (proof.compileCache !== undefined && modulesAmong(demands).length < modulesAmong(step.standIns).length)
      return { doubt: 'because the compile cache has what is not imported any more' };
    return { launchable: await conclude(proof, checked, step), demands };
  } catch (error) {
    if (error instanceof FnError) return { doubt: `to make sure of ${error.code}` };
    throw error;
  }
}
