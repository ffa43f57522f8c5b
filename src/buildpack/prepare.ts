import { join, relative } from 'node:path';
import { namedInApp } from './project/app-file.ts';
import type { BuildPlan } from './build-plan.ts';
import { requireScripts, runBuildScripts, runVendoredScripts } from './dependencies/build-scripts.ts';
import { findDependencies, type Dependencies, type DependencyRequest } from './dependencies/dependencies.ts';
import type { Environment } from '../base/setting.ts';
import { readTextIfPresent } from './project/json-file.ts';
import { readInput, type BuildInput } from './earlier-build/input.ts';
import { readRecord, type EarlierBuild } from './earlier-build/record.ts';
import { takeOverApp } from './earlier-build/take-over.ts';
import { architecturesOf, type Architectures } from './dependencies/foreign-code.ts';
import { provideFramework, type FrameworkLayer } from './framework-layer/framework-layer.ts';
import { FRAMEWORK } from './framework-layer/framework-names.ts';
import { APPLICATION_LAYER } from './launch/application-layer.ts';
import { FUNCTION_LAYER } from './launch/function-layer.ts';
import { chooseFramework } from './framework-layer/version/choose.ts';
import { settingsAsVariables } from './managers/install-variables.ts';
import { INSTALL_SETTINGS } from './managers/settings.ts';
import { hasModules, type ModulesPlan } from './dependencies/modules-layer.ts';
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
import { SBOM_SETTINGS } from './sbom/settings.ts';
import { auditLocked } from './supply/audit-project.ts';
import { openAudit, type Audit } from './supply/audit.ts';
import { AUDIT_SETTINGS } from './supply/settings.ts';
import { make } from './typescript/make.ts';
import { findMaking, type Making } from './typescript/making.ts';
import { tellUnrunScripts } from './project/unrun-scripts.ts';
import { useVendored } from './dependencies/vendored-modules.ts';

/** A project with its Node.js and the framework, and all that is known before its dependencies are there. */
export interface Provided extends BuildPlan {
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
}

/** A project whose app has all that is made for it. */
export interface Prepared extends Provided {
  /** How dependencies are installed; undefined where nothing is. */
  readonly install: ModulesPlan | undefined;
  /** All that decides the image; undefined where nothing is installed. */
  readonly input: BuildInput | undefined;
  /** What the previous image's build made, when that was of the same input: all of it is taken over. */
  readonly earlier: EarlierBuild | undefined;
}

/**
 * Provides Node.js and the framework, finds what has to be installed, and runs the build scripts or makes what the
 * function is loaded from: then its source is that. What was made of the same input before is put into the app instead.
 */
export async function prepare(plan: BuildPlan): Promise<Prepared> {
  const provided = await provide(plan);
  const { config, context, dependencies, framework, log } = provided;
  const development = isDeveloped(provided);
  // Whatever is run to make something may load it.
  if (dependencies === undefined || development) await framework.written;
  if (dependencies === undefined) {
    await prepareInstalled(provided);
    return { ...provided, install: undefined, input: undefined, earlier: undefined };
  }
  await auditLocked(provided.audit, { ...provided, dependencies, development });
  const install = installOf(provided, dependencies);
  const runsScripts = development || dependencies.unique !== undefined;
  const input = await readInput({ ...provided, dependencies, runsScripts });
  const layer = provided.commands.web === undefined ? FUNCTION_LAYER : APPLICATION_LAYER;
  const earlier = (await hasModules(install)) ? await readRecord(context.layersDir, layer, input) : undefined;
  if (earlier === undefined) return { ...(await makeAll(provided, install)), input, earlier };
  await takeOverApp({ appDir: context.appDir, input, outcome: earlier.outcome, log });
  const source = { ...config.source, value: earlier.proven?.modulePath ?? config.source.value };
  return { ...provided, config: { ...config, source }, install: { ...install, isUnchanged: true }, input, earlier };
}

async function provide(plan: BuildPlan): Promise<Provided> {
  const { builder, context, config, packageJson, sources, log } = plan;
  const architectures = architecturesOf(context, builder);
  const node = await provideNode(plan);
  const bills = await openBills(context, !sources.read(SBOM_SETTINGS.disabled).value);
  const framework = await provideFramework(context, bills, log, await chooseFramework(plan));
  const making = await findMaking({ appDir: context.appDir, ...plan });
  const dependencies = await dependenciesOf({ ...plan, making }, architectures, node);
  const audit = await openAudit(plan);
  const commands = commandsOf(plan, dependencies?.choice.manager.name);
  const { program } = commands.web ?? {};
  tellUnrunScripts({ config, packageJson, isMaking: making !== undefined, program }, log);
  return { ...plan, architectures, node, framework, bills, audit, dependencies, making, commands };
}

/** An app without dependencies, or one that brings them along. */
async function prepareInstalled(provided: Provided): Promise<void> {
  const { architectures, commands, config, context, framework, log, node, projectDir } = provided;
  const { value: isVendored, source } = config.vendored;
  if (isVendored) await useVendored({ appDir: projectDir, source, node, architectures, log });
  await requirePrograms(join(projectDir, 'node_modules'), commands);
  await linkFramework(projectDir, framework);
  await runVendoredScripts({ context, log, node, projectDir }, config.scripts);
}

/** Whether devDependencies are installed to make something. */
function isDeveloped({ config, making }: Pick<Provided, 'config' | 'making'>): boolean {
  return making !== undefined || config.scripts.value.length > 0;
}

function installOf(provided: Provided, dependencies: Dependencies): ModulesPlan {
  const { bills, commands, context, framework, log, node, packageJson, projectDir } = provided;
  const scripts = packageJson?.scripts ?? {};
  const installed = { context, projectDir, dependencies, scripts, node, log, bills, commands };
  return { ...installed, frameworkDir: framework.folder, isUnchanged: false, made: [] };
}

/** Runs the scripts that are named, or makes what is found to be missing. */
async function makeAll(
  provided: Provided,
  install: ModulesPlan,
): Promise<Provided & { readonly install: ModulesPlan }> {
  const { commandLine, config, making } = provided;
  const ofScripts = config.scripts.value.length > 0 ? await runBuildScripts(install, config.scripts) : undefined;
  const made = making === undefined ? undefined : await make(install, making, config);
  const modules = [ofScripts, made?.modules].filter((one) => one !== undefined);
  const source = (commandLine === undefined ? made?.source : undefined) ?? config.source;
  return { ...provided, config: { ...config, source }, install: { ...install, made: modules } };
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

/** What has to be installed; nothing where the app brings its node_modules. */
async function dependenciesOf(
  { context, env, projectDir, config, making, packageJson, sources }: BuildPlan & Pick<Provided, 'making'>,
  architectures: Architectures,
  { abi }: NodeRuntime,
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
    development: isDeveloped({ config, making }),
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
