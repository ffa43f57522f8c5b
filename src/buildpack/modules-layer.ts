import { join } from 'node:path';
import { createFolder, openLayer, writeLayer, type Layer } from '../libcnb/layer.ts';
import { isTable } from '../base/table.ts';
import { readTomlIfPresent } from '../libcnb/toml-file.ts';
import { installInApp, keepInstallCaches, type InstallPlan } from './app-install.ts';
import { FRAMEWORK } from './framework-names.ts';
import { findAbiBound } from './node/native-modules.ts';
import type { Bills } from './sbom/bills.ts';
import { anchorLinks, isTaken, linkTo, moveFolder, removeBuildLeftovers } from './node-modules.ts';

/** What the layer of dependencies needs to know. */
export interface ModulesPlan extends InstallPlan {
  /** Folder of the framework's package in the image. */
  readonly frameworkDir: string;
  readonly bills: Bills;
}

/** The layer of installed dependencies. */
export interface ModulesLayer {
  readonly layer: Layer;
  /** Whether its files are on disk; a layer taken over from the previous image has none. */
  readonly onDisk: boolean;
  /** The demands of the previous build's function, which a layer taken over meets. */
  readonly demands: readonly string[];
  /** The path of a native module that works with one ABI of Node.js alone, when there is one. */
  readonly native: string | undefined;
}

const NAME = 'modules';

/** Provides the app's dependencies as a launch layer: taken over when nothing that decides them has changed. */
export async function provideModules(plan: ModulesPlan): Promise<ModulesLayer> {
  const { context, dependencies, log } = plan;
  const layer = await openModules(plan);
  const canBeReused = layer.state.kind === 'restored' && dependencies.unique === undefined;
  if (canBeReused && (await plan.bills.isComplete(NAME))) {
    log.info('Dependencies: reused, nothing that decides them has changed');
    await keepInstallCaches(plan);
    await linkTo(join(layer.folder, 'node_modules'), join(plan.projectDir, 'node_modules'));
    const recorded = await readRecorded(context.layersDir);
    return { layer, onDisk: layer.state.kind === 'restored' && layer.state.contents === 'present', ...recorded };
  }
  if (canBeReused) log.info('Dependencies: installing, because the previous image has no bill of materials of them');
  else log.info(`Dependencies: installing${inEveryBuild(dependencies.unique)}`);
  return installModules(plan);
}

function inEveryBuild(unique: string | undefined): string {
  return unique === undefined ? '' : ` in every build, because ${unique}`;
}

/** Installs the dependencies anew, whatever was restored. */
export async function installModules(plan: ModulesPlan): Promise<ModulesLayer> {
  const { dependencies, log } = plan;
  const { manager, lock } = dependencies.choice;
  if (lock === undefined) {
    log.warn(
      `There is no lock file: the next build may get other versions. Run "${manager.lockCommand}" and commit the lock file it writes.`,
    );
  }
  const installed = join(plan.projectDir, 'node_modules');
  await installInApp(plan, { production: dependencies.production });
  await removeBuildLeftovers(installed);
  await anchorLinks(installed);
  const layer = await openModules(plan);
  const nodeModules = join(await createFolder(layer), 'node_modules');
  await moveFolder(installed, nodeModules);
  await linkTo(nodeModules, installed);
  const framework = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(framework))) await linkTo(plan.frameworkDir, framework);
  return { layer, onDisk: true, demands: [], native: await findAbiBound(nodeModules) };
}

/** Writes down the layer, with the demands of the function that was proven with it. */
export async function finishModules(
  { context, dependencies }: ModulesPlan,
  { layer, native }: ModulesLayer,
  demands: readonly string[],
): Promise<void> {
  await writeLayer(context.layersDir, layer, { key: dependencies.key, demands, native });
}

async function readRecorded(layersDir: string): Promise<Pick<ModulesLayer, 'demands' | 'native'>> {
  const metadata = (await readTomlIfPresent(join(layersDir, `${NAME}.toml`)))?.['metadata'];
  const { demands, native } = isTable(metadata) ? metadata : {};
  return {
    demands: Array.isArray(demands) ? demands.map(String) : [],
    native: typeof native === 'string' ? native : undefined,
  };
}

async function openModules({ context, dependencies }: ModulesPlan): Promise<Layer> {
  const wanted = { name: NAME, types: { launch: true }, metadata: { key: dependencies.key } };
  return openLayer(context.layersDir, wanted);
}
