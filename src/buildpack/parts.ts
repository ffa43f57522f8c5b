import { namedInApp } from './app-file.ts';
import type { BuildPlan } from './build-plan.ts';
import { requireScripts } from './build-scripts.ts';
import { findDependencies, type Dependencies } from './dependencies.ts';
import { provideFramework, type FrameworkLayer } from './framework-layer.ts';
import { planLaunch, type LaunchPlan } from './launch/plan.ts';
import { INSTALL_SETTINGS } from './managers/settings.ts';
import { provideNode } from './node/provide.ts';
import type { NodeRuntime } from './node/runtime.ts';
import { openBills, type Bills } from './sbom/bills.ts';
import { SBOM_SETTINGS } from './sbom/settings.ts';
import { findMaking, type Making } from './typescript/making.ts';

/** What a function is put together from, before anything of its own is installed or run. */
export interface Parts {
  readonly node: NodeRuntime;
  readonly framework: FrameworkLayer;
  /** Undefined when there is nothing to install. */
  readonly dependencies: Dependencies | undefined;
  /** JavaScript that has to be made; undefined when it is there. */
  readonly making: Making | undefined;
  readonly launch: LaunchPlan;
  readonly bills: Bills;
}

/** Provides Node.js and the framework as layers, and finds out what has to be installed. */
export async function provideParts(plan: BuildPlan): Promise<Parts> {
  const { context, sources, log } = plan;
  const node = await provideNode(plan);
  const bills = await openBills(context, !sources.read(SBOM_SETTINGS.disabled).value);
  const framework = await provideFramework(context, bills, log);
  const making = await findMaking({ appDir: context.appDir, ...plan });
  const dependencies = await dependenciesOf(plan, node, making !== undefined);
  return { node, framework, dependencies, making, bills, launch: planLaunch(sources, node.version) };
}

/** Nothing is to be installed where the app brings its node_modules. */
async function dependenciesOf(
  plan: BuildPlan,
  { abi }: NodeRuntime,
  isMaking: boolean,
): Promise<Dependencies | undefined> {
  const { context, config, packageJson, sources } = plan;
  const { appDir, target } = context;
  requireScripts(config.scripts, packageJson?.scripts ?? {});
  if (config.vendored.value) return undefined;
  const request = {
    abi,
    arch: target?.arch ?? 'amd64',
    installScripts: sources.read(INSTALL_SETTINGS.scripts).value,
    development: isMaking || config.scripts.value.length > 0,
  };
  return namedInApp(appDir, () => findDependencies(appDir, packageJson, request));
}
