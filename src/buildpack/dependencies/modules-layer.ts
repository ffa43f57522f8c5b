import { join, sep } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { createFolder, openLayer, writeLayer, type Layer } from '../../libcnb/layer.ts';
import { isTable } from '../../base/table.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';
import { installInApp, keepInstallCaches, type InstallPlan } from './app-install.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { programsOf, requirePrograms, type ProcessCommands } from '../launch/process-commands.ts';
import { findAbiBound } from '../node/native-modules.ts';
import { readTexts } from '../layers/texts.ts';
import type { Bills } from '../sbom/bills.ts';
import { areSame, type Looks } from '../managers/witness/witness.ts';
import { isSameGenerated, type Generated, type MadeModules } from './made-modules.ts';
import { linkInstalled, moveInstalled, withLinks } from './layer-folders.ts';
import { anchorLinks, isTaken, linkTo, removeBuildLeftovers } from './node-modules.ts';

/** What the layer of dependencies needs to know. */
export interface ModulesPlan extends InstallPlan {
  /** Folder of the framework's package in the image. */
  readonly frameworkDir: string;
  readonly bills: Bills;
  /** Whether the previous image is known to be of the same input, to the last file. */
  readonly isUnchanged: boolean;
  readonly commands: ProcessCommands;
  /** What build scripts made below node_modules: it is put into the layer. */
  readonly made: readonly MadeModules[];
}

/** The layer of installed dependencies. */
export interface ModulesLayer {
  readonly layer: Layer;
  /** Whether its files are on disk; a layer taken over from the previous image has none. */
  readonly onDisk: boolean;
  /** The demands of the previous build's function, which a layer taken over meets. */
  readonly demands: readonly string[];
  /** The path in the layer of a native module that works with one ABI of Node.js alone, when there is one. */
  readonly native: string | undefined;
  /** The programs of packages that processes start, which the layer is known to have. */
  readonly programs: readonly string[];
  /** The links to folders of the project, such as workspaces: path in the layer to path in the project. */
  readonly links: Readonly<Record<string, string>>;
  /** The workspaces that have packages of their own, by their folders. */
  readonly workspaces: readonly string[];
  /** What install scripts looked at in the app. */
  readonly looks: Looks;
  /** What of build scripts is in it. */
  readonly generated: Generated;
}

/** What the metadata of the layer says of it. */
type Recorded = Omit<ModulesLayer, 'layer' | 'onDisk'>;

const NAME = 'modules';

/** Provides the app's dependencies as a launch layer: taken over when nothing that decides them has changed. */
export async function provideModules(plan: ModulesPlan): Promise<ModulesLayer> {
  const { context, dependencies, isUnchanged, log } = plan;
  const layer = await openModules(plan);
  const recorded = await readRecorded(context.layersDir);
  const isSame = isUnchanged || (dependencies.unique === undefined && (await isMadeOfSame(plan, recorded)));
  const canBeReused = isSame && hasAll(plan, layer, recorded);
  if (canBeReused && (await plan.bills.isComplete(NAME))) {
    log.info('Dependencies: reused, nothing that decides them has changed');
    await keepInstallCaches(plan);
    await linkInstalled(placeOf(plan, layer), ['', ...recorded.workspaces]);
    const onDisk = layer.state.kind === 'restored' && layer.state.contents === 'present';
    return { layer, onDisk, ...recorded, programs: programsOf(plan.commands) };
  }
  if (canBeReused) log.info('Dependencies: installing, because the previous image has no bill of materials of them');
  else log.info(`Dependencies: installing${afterChanges(dependencies.unique)}`);
  return installModules(plan);
}

/** Whether the previous image has a layer that can be taken over, when it is of the same input. */
export async function hasModules(plan: ModulesPlan): Promise<boolean> {
  const recorded = await readRecorded(plan.context.layersDir);
  return hasAll(plan, await openModules(plan), recorded) && plan.bills.isComplete(NAME);
}

function hasAll({ commands }: ModulesPlan, { state }: Layer, { programs }: Recorded): boolean {
  return state.kind === 'restored' && programsOf(commands).every((program) => programs.includes(program));
}

/** Whether install scripts would see what they saw, and build scripts have made what they had. */
async function isMadeOfSame(plan: ModulesPlan, recorded: Recorded): Promise<boolean> {
  return isSameGenerated(recorded.generated, plan.made) && areSame(plan.context.appDir, recorded.looks);
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
  const { folders } = dependencies;
  const looks = await installInApp(plan, { production: dependencies.production });
  const generated = [];
  for (const made of plan.made) generated.push(await made.putBack());
  await removeBuildLeftovers(plan.projectDir, folders);
  const anchored = await anchorLinks(plan.projectDir, folders);
  const layer = await openModules(plan);
  await createFolder(layer);
  const moved = await moveInstalled(placeOf(plan, layer), folders);
  const nodeModules = join(layer.folder, 'node_modules');
  await requirePrograms(nodeModules, plan.commands);
  const framework = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(framework))) await linkTo(plan.frameworkDir, framework);
  return {
    layer,
    onDisk: true,
    demands: [],
    native: await findAbiBound(layer.folder),
    links: linksAmong(anchored),
    workspaces: moved.filter((folder) => folder !== ''),
    looks,
    generated: Object.assign({}, ...generated),
    programs: programsOf(plan.commands),
  };
}

/** Works with a layer that is not on disk, whose links to the project are there meanwhile. */
export async function withProjectLinks<T>(
  plan: ModulesPlan,
  { layer, links }: ModulesLayer,
  work: () => Promise<T>,
): Promise<T> {
  return withLinks(placeOf(plan, layer), links, work);
}

/** Writes down the layer, with the demands of the function that was proven with it. */
export async function finishModules(
  { context, dependencies, made: kept }: ModulesPlan,
  { layer, native, links, workspaces, looks, generated, programs }: ModulesLayer,
  demands: readonly string[],
): Promise<void> {
  await writeLayer(context.layersDir, layer, {
    key: dependencies.key,
    demands,
    native,
    ...(Object.keys(links).length > 0 ? { links: JSON.stringify(links) } : {}),
    ...(workspaces.length > 0 ? { workspaces } : {}),
    ...(Object.keys(looks).length > 0 ? { looks: JSON.stringify(looks) } : {}),
    ...(Object.keys(generated).length > 0 ? { generated: JSON.stringify(generated) } : {}),
    ...(programs.length > 0 ? { programs } : {}),
  });
  for (const one of kept) await one.remove();
}

function placeOf(
  { projectDir }: ModulesPlan,
  { folder }: Layer,
): { readonly layer: string; readonly projectDir: string } {
  return { layer: folder, projectDir };
}

/** Bills of materials and later builds know folders of the project by them, also where the layer is not on disk. */
function linksAmong(anchored: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const links = [...anchored].filter(([path]) => !path.split(sep).includes('.bin'));
  return Object.fromEntries(links.toSorted(([a], [b]) => byCodeUnits(a, b)));
}

async function readRecorded(layersDir: string): Promise<Recorded> {
  const metadata = (await readTomlIfPresent(join(layersDir, `${NAME}.toml`)))?.['metadata'];
  const { demands, native, links, looks, generated, programs, workspaces } = isTable(metadata) ? metadata : {};
  return {
    demands: textsIn(demands),
    native: typeof native === 'string' ? native : undefined,
    programs: textsIn(programs),
    links: typeof links === 'string' ? readTexts(links) : {},
    workspaces: textsIn(workspaces),
    generated: typeof generated === 'string' ? readTexts(generated) : {},
    looks: typeof looks === 'string' ? readTexts(looks) : {},
  };
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

async function openModules({ context, dependencies }: ModulesPlan): Promise<Layer> {
  const wanted = { name: NAME, types: { launch: true }, metadata: { key: dependencies.key } };
  return openLayer(context.layersDir, wanted);
}
