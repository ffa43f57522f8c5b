import { join } from 'node:path';
import { namedInApp } from './app-file.ts';
import type { BuildPlan } from './build-plan.ts';
import { requireScripts, runBuildScripts } from './build-scripts.ts';
import { findDependencies, type Dependencies, type DependencyRequest } from './dependencies.ts';
import { architecturesOf, type Architectures } from './foreign-code.ts';
import { provideFramework, type FrameworkLayer } from './framework-layer.ts';
import { FRAMEWORK } from './framework-names.ts';
import { chooseFramework } from './framework-version/choose.ts';
import { INSTALL_SETTINGS } from './managers/settings.ts';
import type { ModulesPlan } from './modules-layer.ts';
import { isTaken, linkTo } from './node-modules.ts';
import { provideNode } from './node/provide.ts';
import type { NodeRuntime } from './node/runtime.ts';
import { openBills, type Bills } from './sbom/bills.ts';
import { recordBills } from './sbom/record.ts';
import { SBOM_SETTINGS } from './sbom/settings.ts';
import { tidyApp } from './tidy-app.ts';
import { make } from './typescript/make.ts';
import { findMaking, type Making } from './typescript/making.ts';
import { tellUnrunScripts } from './unrun-scripts.ts';
import { useVendored } from './vendored-modules.ts';

/** A project with its Node.js and the framework, and all that has to be there before its dependencies. */
export interface Prepared extends BuildPlan {
  readonly architectures: Architectures;
  readonly node: NodeRuntime;
  readonly framework: FrameworkLayer;
  readonly bills: Bills;
  readonly dependencies: Dependencies | undefined;
  /** JavaScript that was made for it; undefined where all was there. */
  readonly making: Making | undefined;
  /** How dependencies are installed; undefined where nothing is. */
  readonly install: ModulesPlan | undefined;
}

/**
 * Provides Node.js and the framework, finds what has to be installed, and runs the build scripts or makes what the
 * function is loaded from: then its source is that.
 */
export async function prepare(plan: BuildPlan): Promise<Prepared> {
  const { builder, context, projectDir, config, packageJson, sources, log } = plan;
  const architectures = architecturesOf(context, builder);
  const node = await provideNode(plan);
  const bills = await openBills(context, !sources.read(SBOM_SETTINGS.disabled).value);
  const framework = await provideFramework(context, bills, log, await chooseFramework(plan));
  const making = await findMaking({ appDir: context.appDir, ...plan });
  tellUnrunScripts({ config, packageJson, isMaking: making !== undefined }, log);
  const dependencies = await dependenciesOf(plan, architectures, node, making !== undefined);
  const prepared = { ...plan, architectures, node, framework, bills, dependencies, making };
  if (dependencies === undefined) {
    const { value: isVendored, source } = config.vendored;
    if (isVendored) await useVendored({ appDir: projectDir, source, node, architectures, log });
    await linkFramework(projectDir, framework);
    return { ...prepared, install: undefined };
  }
  const scripts = packageJson?.scripts ?? {};
  const install = { context, projectDir, dependencies, scripts, node, log, bills, frameworkDir: framework.folder };
  if (config.scripts.value.length > 0) await runBuildScripts(install, config.scripts);
  const source = making === undefined ? config.source : await make(install, making, config.source);
  return { ...prepared, config: { ...config, source }, install };
}

/** Leaves the app as it will be in the image. */
export async function tidy({ context, projectDir, dependencies, log }: Prepared): Promise<void> {
  await tidyApp({ appDir: context.appDir, projectDir }, dependencies?.choice.manager.leftOut ?? [], log);
}

/** Records what the image is made of, when all is as the image gets it. */
export async function recordMade({ bills, context, projectDir, dependencies, node }: Prepared): Promise<void> {
  await recordBills(bills, { context, projectDir, dependencies, node });
}

/** What has to be installed; nothing where the app brings its node_modules. */
async function dependenciesOf(
  { context, projectDir, config, packageJson, sources }: BuildPlan,
  architectures: Architectures,
  { abi }: NodeRuntime,
  isMaking: boolean,
): Promise<Dependencies | undefined> {
  const { appDir } = context;
  requireScripts(config.scripts, packageJson?.scripts ?? {});
  if (config.vendored.value) return undefined;
  const request: DependencyRequest = {
    appDir,
    abi,
    architectures,
    installScripts: sources.read(INSTALL_SETTINGS.scripts).value,
    env: sources.env,
    development: isMaking || config.scripts.value.length > 0,
    keepsDevelopment: config.execEnv.value !== 'production',
  };
  return namedInApp(appDir, () => findDependencies(projectDir, packageJson, request));
}

/** An app without dependencies of its own still imports the framework: it gets it through node_modules. */
async function linkFramework(appDir: string, framework: FrameworkLayer): Promise<void> {
  const nodeModules = join(appDir, 'node_modules');
  if (!(await isTaken(nodeModules))) return linkTo(framework.nodeModules, nodeModules);
  const own = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(own))) await linkTo(framework.folder, own);
}
