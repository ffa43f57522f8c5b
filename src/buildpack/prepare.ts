import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import type { BuildContext } from '../libcnb/context.ts';
import { namedInApp } from './app-file.ts';
import { requireScripts, runBuildScripts } from './build-scripts.ts';
import type { Config } from './config/function.ts';
import type { Sources } from './config/sources.ts';
import { findDependencies, type Dependencies, type DependencyRequest } from './dependencies.ts';
import { provideFramework, type FrameworkLayer } from './framework-layer.ts';
import { FRAMEWORK } from './framework-package.ts';
import { INSTALL_SETTINGS } from './managers/settings.ts';
import type { ModulesPlan } from './modules-layer.ts';
import { isTaken, linkTo } from './node-modules.ts';
import type { BuilderNode } from './node/builder-node.ts';
import { provideNode } from './node/provide.ts';
import type { NodeRuntime } from './node/runtime.ts';
import type { PackageJson } from './package-json.ts';
import { openBills, type Bills } from './sbom/bills.ts';
import { recordBills } from './sbom/record.ts';
import { SBOM_SETTINGS } from './sbom/settings.ts';
import { tidyApp } from './tidy-app.ts';
import { useVendored } from './vendored-modules.ts';

/** What is to be built, and with what. */
export interface Wanted {
  readonly context: BuildContext;
  readonly config: Config;
  readonly packageJson: PackageJson | undefined;
  readonly sources: Sources;
  /** What programs run with. */
  readonly env: Environment;
  readonly log: Log;
  readonly builder: BuilderNode;
}

/** A project with its Node.js and the framework, and all that has to be there before its dependencies. */
export interface Prepared extends Wanted {
  readonly node: NodeRuntime;
  readonly bills: Bills;
  readonly framework: FrameworkLayer;
  readonly dependencies: Dependencies | undefined;
  /** How dependencies are installed; undefined where nothing is. */
  readonly plan: ModulesPlan | undefined;
}

/** Provides Node.js and the framework, finds what has to be installed, and runs the build scripts. */
export async function prepare(wanted: Wanted): Promise<Prepared> {
  const { context, config, packageJson, sources, log } = wanted;
  const { appDir } = context;
  const node = await provideNode(wanted);
  const bills = await openBills(context, !sources.read(SBOM_SETTINGS.disabled).value);
  const framework = await provideFramework(context, bills, log);
  const dependencies = await dependenciesOf(wanted, node);
  if (dependencies === undefined) {
    if (config.vendored.value) await useVendored({ appDir, source: config.vendored.source, node, log });
    await linkFramework(appDir, framework);
    return { ...wanted, node, bills, framework, dependencies, plan: undefined };
  }
  const scripts = packageJson?.scripts ?? {};
  const plan = { context, dependencies, scripts, node, log, bills, frameworkDir: framework.folder };
  if (config.scripts.value.length > 0) await runBuildScripts(plan, config.scripts);
  return { ...wanted, node, bills, framework, dependencies, plan };
}

/** Leaves the app as it will be in the image, and records what the image is made of. */
export async function finish({ bills, context, dependencies, log, node }: Prepared): Promise<void> {
  const { appDir, layersDir } = context;
  await tidyApp(appDir, dependencies?.choice.manager.vendored, log);
  const nodeVersion = node.isRunImages ? undefined : node.version;
  await recordBills(bills, { appDir, layersDir, dependencies, nodeVersion });
}

/** What has to be installed; nothing where the app brings its node_modules. */
async function dependenciesOf(
  { context, config, packageJson, sources }: Wanted,
  { abi }: NodeRuntime,
): Promise<Dependencies | undefined> {
  requireScripts(config.scripts, packageJson?.scripts ?? {});
  if (config.vendored.value) return undefined;
  const request: DependencyRequest = {
    abi,
    arch: context.target?.arch ?? 'amd64',
    installScripts: sources.read(INSTALL_SETTINGS.scripts).value,
    development: config.scripts.value.length > 0,
    keepsDevelopment: config.execEnv.value !== 'production',
  };
  return namedInApp(context.appDir, () => findDependencies(context.appDir, packageJson, request));
}

/** An app without dependencies of its own still imports the framework: it gets it through node_modules. */
async function linkFramework(appDir: string, framework: FrameworkLayer): Promise<void> {
  const nodeModules = join(appDir, 'node_modules');
  if (!(await isTaken(nodeModules))) return linkTo(framework.nodeModules, nodeModules);
  const own = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(own))) await linkTo(framework.folder, own);
}
