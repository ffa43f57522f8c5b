import { join, relative } from 'node:path';
import { namedInApp } from './project/app-file.ts';
import type { BuildPlan } from './build-plan.ts';
import { requireScripts, runBuildScripts, runVendoredScripts } from './dependencies/build-scripts.ts';
import { findDependencies, type Dependencies, type DependencyRequest } from './dependencies/dependencies.ts';
import type { Environment } from '../base/setting.ts';
import { readTextIfPresent } from './project/json-file.ts';
import { readInput, type BuildInput } from './earlier-build/input.ts';
import { readRecord, type EarlierFunction } from './earlier-build/record.ts';
import { architecturesOf, type Architectures } from './dependencies/foreign-code.ts';
import { provideFramework, type FrameworkLayer } from './framework-layer/framework-layer.ts';
import { FRAMEWORK } from './framework-layer/framework-names.ts';
import { FUNCTION_LAYER } from './launch/function-layer.ts';
import { chooseFramework } from './framework-layer/version/choose.ts';
import { settingsAsVariables } from './managers/install-variables.ts';
import { INSTALL_SETTINGS } from './managers/settings.ts';
import type { ModulesPlan } from './dependencies/modules-layer.ts';
import { isTaken, linkTo } from './dependencies/node-modules.ts';
import {
  processCommands,
  requirePrograms,
  warningsOfCommands,
  type ProcessCommands,
} from './launch/process-commands.ts';
import { provideNode } from './node/provide.ts';
import type { NodeRuntime } from './node/runtime.ts';
import { openBills, type Bills } from './sbom/bills.ts';
import { readBills, recordBills } from './sbom/record.ts';
import { SBOM_SETTINGS } from './sbom/settings.ts';
import { auditInstalled, auditLocked } from './supply/audit-project.ts';
import { openAudit, type Audit } from './supply/audit.ts';
import { AUDIT_SETTINGS } from './supply/settings.ts';
import { tidyApp } from './project/tidy-app.ts';
import { make } from './typescript/make.ts';
import { findMaking, type Making } from './typescript/making.ts';
import { tellUnrunScripts } from './project/unrun-scripts.ts';
import { useVendored } from './dependencies/vendored-modules.ts';

/** A project with its Node.js and the framework, and all that has to be there before its dependencies. */
export interface Prepared extends BuildPlan {
  readonly architectures: Architectures;
  readonly node: NodeRuntime;
  readonly framework: FrameworkLayer;
  readonly bills: Bills;
  readonly audit: Audit;
  readonly dependencies: Dependencies | undefined;
  /** JavaScript that was made for it; undefined where all was there. */
  readonly making: Making | undefined;
  /** The processes that the project's own command lines say. */
  readonly commands: ProcessCommands;
  /** How dependencies are installed; undefined where nothing is. */
  readonly install: ModulesPlan | undefined;
  /** All that decides the image; undefined where it is not a function's, or nothing is installed. */
  readonly input: BuildInput | undefined;
  /** The function of the previous image, when that is of the same input. */
  readonly earlier: EarlierFunction | undefined;
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
  const dependencies = await dependenciesOf(plan, architectures, node, making !== undefined);
  const audit = await openAudit(plan);
  const commands = commandsOf(plan, dependencies?.choice.manager.name);
  const { program } = commands.web ?? {};
  tellUnrunScripts({ config, packageJson, isMaking: making !== undefined, program }, log);
  const prepared = { ...plan, architectures, node, framework, bills, audit, dependencies, making, commands };
  if (dependencies === undefined) {
    const { value: isVendored, source } = config.vendored;
    if (isVendored) await useVendored({ appDir: projectDir, source, node, architectures, log });
    await requirePrograms(join(projectDir, 'node_modules'), commands);
    await linkFramework(projectDir, framework);
    await runVendoredScripts({ context, log, node, projectDir }, config.scripts);
    return { ...prepared, install: undefined, input: undefined, earlier: undefined };
  }
  const development = making !== undefined || config.scripts.value.length > 0;
  await auditLocked(audit, { projectDir, dependencies, development });
  const input = config.target.value === '' ? undefined : await readInput({ ...prepared, dependencies });
  const earlier = input && (await readRecord(context.layersDir, FUNCTION_LAYER, input.digest));
  const scripts = packageJson?.scripts ?? {};
  const isUnchanged = earlier !== undefined;
  const frameworkDir = framework.folder;
  const bare = { context, projectDir, dependencies, scripts, node, log, bills, frameworkDir, isUnchanged, commands };
  const install = { ...bare, made: [] };
  if (isUnchanged) return { ...prepared, install, input, earlier };
  const ofScripts = config.scripts.value.length > 0 ? await runBuildScripts(install, config.scripts) : undefined;
  const made = making === undefined ? undefined : await make(install, making, config);
  const modules = [ofScripts, made?.modules].filter((one) => one !== undefined);
  const source = (plan.commandLine === undefined ? made?.source : undefined) ?? config.source;
  return { ...prepared, config: { ...config, source }, install: { ...install, made: modules }, input, earlier };
}

/** Says what of the project's own command lines an image can not do, before anything is installed. */
function commandsOf(
  { commandLine, config, log, packageJson }: BuildPlan,
  manager: string | undefined,
): ProcessCommands {
  const scripts = packageJson?.scripts ?? {};
  const commands = processCommands({ commandLine, execEnv: config.execEnv.value, scripts, manager });
  for (const warning of warningsOfCommands(commands, config.scripts.value)) log.warn(warning);
  return commands;
}

/** Leaves the app as it will be in the image. */
export async function tidy({ context, projectDir, dependencies, log }: Prepared): Promise<void> {
  await tidyApp(
    { appDir: context.appDir, projectDir, folders: dependencies?.folders ?? [''] },
    dependencies?.choice.manager.leftOut ?? [],
    log,
  );
}

/** Records what the image is made of, when all is as the image gets it; OFN-DEPS-VULNERABLE when some is refused. */
export async function recordMade({ audit, bills, context, projectDir, dependencies, node }: Prepared): Promise<void> {
  const made = { context, projectDir, dependencies, node };
  const read = await readBills(made);
  await auditInstalled(audit, read, context.layersDir);
  await recordBills(bills, read, made);
}

/** What has to be installed; nothing where the app brings its node_modules. */
async function dependenciesOf(
  { context, env, projectDir, config, packageJson, sources }: BuildPlan,
  architectures: Architectures,
  { abi }: NodeRuntime,
  isMaking: boolean,
): Promise<Dependencies | undefined> {
  const { appDir } = context;
  requireScripts(config.scripts, packageJson, relative(appDir, join(projectDir, 'package.json')));
  if (config.vendored.value) return undefined;
  const request: DependencyRequest = {
    appDir,
    abi,
    architectures,
    installScripts: sources.read(INSTALL_SETTINGS.scripts).value,
    minimumAge: sources.read(AUDIT_SETTINGS.minimumAge).value,
    env: { ...(await settingsOf(env)), ...sources.env },
    development: isMaking || config.scripts.value.length > 0,
    keepsDevelopment: config.execEnv.value !== 'production',
  };
  return namedInApp(appDir, () => findDependencies(projectDir, packageJson, request));
}

/** What the settings of service bindings decide; they are those of the home of the build. */
async function settingsOf({ HOME: home = '/' }: Environment): Promise<Environment> {
  const [npmrc = '', yarnrc = ''] = await Promise.all(
    ['.npmrc', '.yarnrc.yml'].map(async (name) => readTextIfPresent(join(home, name), 'OFN-CONFIG')),
  );
  return settingsAsVariables(npmrc, yarnrc);
}

/** An app without dependencies of its own still imports the framework: it gets it through node_modules. */
async function linkFramework(appDir: string, framework: FrameworkLayer): Promise<void> {
  const nodeModules = join(appDir, 'node_modules');
  if (!(await isTaken(nodeModules))) return linkTo(framework.nodeModules, nodeModules);
  const own = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(own))) await linkTo(framework.folder, own);
}
