import type { Log } from '../../base/log.ts';
import { keepCompileCache, type CompileCache } from '../compile-cache/layer.ts';
import { finishModules, provideModules, type ModulesPlan } from '../dependencies/modules-layer.ts';
import { tellUnbooted, type Launchable } from '../proof/rehearsal.ts';
import type { Config } from '../config/function.ts';
import { putMade } from '../app-files/made-files.ts';
import type { Repeatable } from '../app-files/outcome.ts';
import type { BuildInput } from './input.ts';
import type { EarlierFunction } from './record.ts';

/** What is taken over beside the layer of the function. */
export interface TakenOver {
  readonly config: Config;
  readonly earlier: EarlierFunction;
  readonly install: ModulesPlan;
  readonly compileCache: CompileCache | undefined;
  readonly log: Log;
}

/**
 * Takes over what an earlier build of the same input proved and made: nothing is installed, and nothing is booted. What
 * that build warned of is told again.
 */
export async function takeOver({ config, earlier, install, compileCache, log }: TakenOver): Promise<Launchable> {
  const modules = await provideModules(install);
  await finishModules(install, modules, modules.demands);
  if (compileCache?.kept !== undefined) await keepCompileCache(compileCache, compileCache.kept);
  for (const warning of earlier.warnings) log.warn(warning);
  const { modulePath, signatureType } = earlier;
  if (!config.check.value) tellUnbooted(config, log);
  else log.info(`Function "${config.target.value}": booted in that build, ${signatureType} signature, ${modulePath}`);
  return { ...earlier, compiledCode: undefined };
}

/** What the app's folder is made of in a build that takes an image over. */
export interface TakenApp {
  readonly appDir: string;
  readonly input: BuildInput;
  readonly outcome: Repeatable;
  readonly log: Log;
}

/** Makes the app's folder what the earlier build of the same input made of it. */
export async function takeOverApp({ appDir, input, outcome, log }: TakenApp): Promise<void> {
  log.info('Nothing has changed since the previous image was built: it is taken over');
  if (outcome.kind === 'recorded') await putMade(appDir, input.given, outcome.made);
}
