import type { Log } from '../../base/log.ts';
import { keepCompileCache, type CompileCache } from '../compile-cache/layer.ts';
import { finishModules, provideModules, type ModulesPlan } from '../dependencies/modules-layer.ts';
import type { Launchable } from '../proof/rehearsal.ts';
import type { EarlierFunction } from './record.ts';

/** What is taken over beside the layer of the function. */
export interface TakenOver {
  readonly name: string;
  readonly earlier: EarlierFunction;
  readonly install: ModulesPlan;
  readonly compileCache: CompileCache | undefined;
  readonly log: Log;
}

/**
 * Takes over what an earlier build of the same input proved and made: nothing is installed, and nothing is booted. What
 * that build warned of is told again.
 */
export async function takeOver({ name, earlier, install, compileCache, log }: TakenOver): Promise<Launchable> {
  log.info('Nothing has changed since the previous image was built: it is taken over');
  const modules = await provideModules(install);
  await finishModules(install, modules, modules.demands);
  if (compileCache?.kept !== undefined) await keepCompileCache(compileCache, compileCache.kept);
  for (const warning of earlier.warnings) log.warn(warning);
  log.info(`Function "${name}": booted in that build, ${earlier.signatureType} signature, ${earlier.modulePath}`);
  return { ...earlier, compiledCode: undefined };
}
