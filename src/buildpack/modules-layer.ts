import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import type { BuildContext } from '../libcnb/context.ts';
import { createFolder, openLayer, writeLayer, type Layer } from '../libcnb/layer.ts';
import { isTomlTable, readTomlIfPresent } from '../libcnb/toml-file.ts';
import type { Dependencies } from './dependencies.ts';
import { FRAMEWORK } from './framework-package.ts';
import { installDependencies } from './managers/install.ts';
import { keepProgram, provideProgram } from './managers/program.ts';
import { anchorLinks, isTaken, linkTo, moveFolder, removeBuildLeftovers } from './node-modules.ts';

/** What an install needs to know. */
export interface ModulesPlan {
  readonly context: BuildContext;
  readonly dependencies: Dependencies;
  /** The app's own scripts, name to command. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Folder of the framework's package in the image. */
  readonly frameworkDir: string;
  readonly env: Environment;
  readonly log: Log;
}

/** The layer of installed dependencies. */
export interface ModulesLayer {
  readonly layer: Layer;
  /** Whether its files are on disk; a layer taken over from the previous image has none. */
  readonly onDisk: boolean;
  /** The demands of the previous build's function, which a layer taken over meets. */
  readonly demands: readonly string[];
}

const NAME = 'modules';

/** Provides the app's dependencies as a launch layer: taken over when nothing that decides them has changed. */
export async function provideModules(plan: ModulesPlan): Promise<ModulesLayer> {
  const { context, dependencies, log } = plan;
  const layer = await openModules(plan);
  if (layer.state.kind === 'restored' && dependencies.unique === undefined) {
    log.info('Dependencies: reused, nothing that decides them has changed');
    await openDownloads(context.layersDir, dependencies.choice.manager.name);
    await keepProgram(context.layersDir);
    await linkTo(join(layer.folder, 'node_modules'), join(context.appDir, 'node_modules'));
    const demands = await readDemands(context.layersDir);
    return { layer, onDisk: layer.state.contents === 'present', demands };
  }
  log.info(
    `Dependencies: installing${dependencies.unique === undefined ? '' : ` in every build, because ${dependencies.unique}`}`,
  );
  return installModules(plan);
}

/** Installs the dependencies anew, whatever was restored. */
export async function installModules(plan: ModulesPlan): Promise<ModulesLayer> {
  const { context, dependencies, log } = plan;
  const { manager, lock } = dependencies.choice;
  if (lock === undefined) {
    log.warn(
      `There is no lock file: the next build may get other versions. Run "${manager.lockCommand}" and commit ${manager.lockFiles.at(-1)}.`,
    );
  }
  const installed = join(context.appDir, 'node_modules');
  await installInto(plan, { production: true });
  await removeBuildLeftovers(installed);
  await anchorLinks(installed);
  const layer = await openModules(plan);
  const nodeModules = join(await createFolder(layer), 'node_modules');
  await moveFolder(installed, nodeModules);
  await linkTo(nodeModules, installed);
  const framework = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(framework))) await linkTo(plan.frameworkDir, framework);
  return { layer, onDisk: true, demands: [] };
}

/** Makes `<app>/node_modules` anew. */
async function installInto(plan: ModulesPlan, { production }: { readonly production: boolean }): Promise<void> {
  const { context, dependencies, env, log, scripts } = plan;
  const { appDir, layersDir } = context;
  const { choice, arch } = dependencies;
  const installed = join(appDir, 'node_modules');
  await rm(installed, { recursive: true, force: true });
  const program = await provideProgram({ choice, appDir, layersDir, arch, env, log });
  const cacheDir = await openDownloads(layersDir, choice.manager.name);
  await installDependencies({ appDir, choice, program, production, scripts, cacheDir, env, log });
  // Not every manager makes a folder where nothing is left to install.
  await mkdir(installed, { recursive: true });
}

/** Writes down the layer, with the demands of the function that was proven with it. */
export async function finishModules(
  { context, dependencies }: ModulesPlan,
  { layer }: ModulesLayer,
  demands: readonly string[],
): Promise<void> {
  await writeLayer(context.layersDir, layer, { key: dependencies.key, demands });
}

async function readDemands(layersDir: string): Promise<readonly string[]> {
  const metadata = (await readTomlIfPresent(join(layersDir, `${NAME}.toml`)))?.['metadata'];
  const demands = isTomlTable(metadata) ? metadata['demands'] : undefined;
  return Array.isArray(demands) ? demands.map(String) : [];
}

async function openModules({ context, dependencies }: ModulesPlan): Promise<Layer> {
  const wanted = { name: NAME, types: { launch: true }, metadata: { key: dependencies.key } };
  return openLayer(context.layersDir, wanted);
}

/** The cache layer of a manager's downloads; those of another manager are let go. */
async function openDownloads(layersDir: string, manager: string): Promise<string> {
  const layer = await openLayer(layersDir, { name: 'downloads', types: { cache: true }, metadata: { manager } });
  await writeLayer(layersDir, layer, { manager });
  return createFolder(layer);
}
