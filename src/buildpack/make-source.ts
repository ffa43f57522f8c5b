import type { InstallPlan } from './app-install.ts';
import type { BuildPlan } from './build-plan.ts';
import { runBuildScripts } from './build-scripts.ts';
import type { Parts } from './parts.ts';
import { make } from './typescript/make.ts';

/**
 * Makes what the function is loaded from, by the scripts that the user names, or else by what the project has for that,
 * and gives the plan with the function's module where it is then.
 */
export async function makeSource(plan: BuildPlan, { dependencies, making, node }: Parts): Promise<BuildPlan> {
  const { config, context, packageJson, log } = plan;
  if (dependencies === undefined) return plan;
  const install: InstallPlan = { context, dependencies, scripts: packageJson?.scripts ?? {}, node, log };
  if (config.scripts.value.length > 0) await runBuildScripts(install, config.scripts);
  if (making === undefined) return plan;
  const output = await make(install, making);
  if (output === undefined) return plan;
  return { ...plan, config: { ...config, source: { ...config.source, value: output } } };
}
