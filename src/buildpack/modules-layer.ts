import { join } from 'node:path';
import { createFolder, openLayer, writeLayer, type Layer } from '../libcnb/layer.ts';
import { isTable } from '../base/table.ts';
import { readTomlIfPresent } from '../libcnb/toml-file.ts';
import { installInApp, keepInstallCaches, type InstallPlan } from './app-install.ts';
import { FRAMEWORK } from './framework-package.ts';
import { anchorLinks, isTaken, linkTo, moveFolder, removeBuildLeftovers } from './node-modules.ts';

/** What the layer of dependencies needs to know. */
export interface ModulesPlan extends InstallPlan {
  /** Folder of the framework's package in the image. */
  readonly frameworkDir: string;
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
    await keepInstallCaches(plan);
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
      `There is no lock file: the next build may get other versions. Run "${manager.lockCommand}" and commit the lock file it writes.`,
    );
  }
  const installed = join(context.appDir, 'node_modules');
  await installInApp(plan, { production: true });
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
  const demands = isTable(metadata) ? metadata['demands'] : undefined;
  return Array.isArray(demands) ? demands.map(String) : [];
}

async function openModules({ context, dependencies }: ModulesPlan): Promise<Layer> {
  const wanted = { name: NAME, types: { launch: true }, metadata: { key: dependencies.key } };
  return openLayer(context.layersDir, wanted);
}
