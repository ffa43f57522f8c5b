import { join, relative, sep } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { createFolder, openLayer, writeLayer, type Layer } from '../../libcnb/layer.ts';
import { isTable } from '../../base/table.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';
import { installInApp, keepInstallCaches, type InstallPlan } from './app-install.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { programsOf, requirePrograms, type ProcessCommands } from '../launch/process-commands.ts';
import { findAbiBound } from '../node/native-modules.ts';
import type { Bills } from '../sbom/bills.ts';
import { anchorLinks, isTaken, linkTo, moveFolder, removeBuildLeftovers } from './node-modules.ts';
import { isInside } from '../../base/inside.ts';

/** What the layer of dependencies needs to know. */
export interface ModulesPlan extends InstallPlan {
  /** Folder of the framework's package in the image. */
  readonly frameworkDir: string;
  readonly bills: Bills;
  /** Whether the previous image is known to be of the same input, to the last file. */
  readonly isUnchanged: boolean;
  readonly commands: ProcessCommands;
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
  /** The programs of packages that processes start, which the layer is known to have. */
  readonly programs: readonly string[];
  /** The links to folders of the project, such as workspaces, as JSON: path in node_modules to path in the project. */
  readonly links: string | undefined;
}

const NAME = 'modules';

/** Provides the app's dependencies as a launch layer: taken over when nothing that decides them has changed. */
export async function provideModules(plan: ModulesPlan): Promise<ModulesLayer> {
  const { context, dependencies, isUnchanged, log } = plan;
  const layer = await openModules(plan);
  const recorded = await readRecorded(context.layersDir);
  const programs = programsOf(plan.commands);
  const hasPrograms = programs.every((program) => recorded.programs.includes(program));
  const isSame = dependencies.unique === undefined || isUnchanged;
  const canBeReused = layer.state.kind === 'restored' && isSame && hasPrograms;
  if (canBeReused && (await plan.bills.isComplete(NAME))) {
    log.info('Dependencies: reused, nothing that decides them has changed');
    await keepInstallCaches(plan);
    await linkTo(join(layer.folder, 'node_modules'), join(plan.projectDir, 'node_modules'));
    const onDisk = layer.state.kind === 'restored' && layer.state.contents === 'present';
    return { layer, onDisk, ...recorded, programs };
  }
  if (canBeReused) log.info('Dependencies: installing, because the previous image has no bill of materials of them');
  else log.info(`Dependencies: installing${afterChanges(dependencies.unique)}`);
  return installModules(plan);
}

function afterChanges(unique: string | undefined): string {
  return unique === undefined ? '' : ` after every change, because ${unique}`;
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
  const anchored = await anchorLinks(installed);
  const layer = await openModules(plan);
  const nodeModules = join(await createFolder(layer), 'node_modules');
  await moveFolder(installed, nodeModules);
  await linkTo(nodeModules, installed);
  await requirePrograms(nodeModules, plan.commands);
  const framework = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(framework))) await linkTo(plan.frameworkDir, framework);
  return {
    layer,
    onDisk: true,
    demands: [],
    native: await findAbiBound(nodeModules),
    links: linksIn(plan.projectDir, anchored),
    programs: programsOf(plan.commands),
  };
}

/** Writes down the layer, with the demands of the function that was proven with it. */
export async function finishModules(
  { context, dependencies }: ModulesPlan,
  { layer, native, links, programs }: ModulesLayer,
  demands: readonly string[],
): Promise<void> {
  await writeLayer(context.layersDir, layer, {
    key: dependencies.key,
    demands,
    native,
    links,
    ...(programs.length > 0 ? { programs } : {}),
  });
}

/** Bills of materials and later builds know members of the project by them, also where the layer is not on disk. */
function linksIn(projectDir: string, anchored: ReadonlyMap<string, string>): string | undefined {
  const inProject = [...anchored]
    .filter(([path, target]) => isInside(projectDir, target) && !path.split(sep).includes('.bin'))
    .map(([path, target]) => [path, relative(projectDir, target)] as const)
    .toSorted(([a], [b]) => byCodeUnits(a, b));
  return inProject.length === 0 ? undefined : JSON.stringify(Object.fromEntries(inProject));
}

async function readRecorded(layersDir: string): Promise<Omit<ModulesLayer, 'layer' | 'onDisk'>> {
  const metadata = (await readTomlIfPresent(join(layersDir, `${NAME}.toml`)))?.['metadata'];
  const { demands, native, links, programs } = isTable(metadata) ? metadata : {};
  return {
    demands: textsIn(demands),
    native: typeof native === 'string' ? native : undefined,
    programs: textsIn(programs),
    links: typeof links === 'string' ? links : undefined,
  };
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

async function openModules({ context, dependencies }: ModulesPlan): Promise<Layer> {
  const wanted = { name: NAME, types: { launch: true }, metadata: { key: dependencies.key } };
  return openLayer(context.layersDir, wanted);
}
