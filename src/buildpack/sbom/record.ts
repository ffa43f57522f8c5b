import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readTexts } from '../layers/texts.ts';
import { metadataOf } from '../node/layer-metadata.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { installedBill } from './app-bills.ts';
import type { Bill } from './bill.ts';
import type { Bills } from './bills.ts';
import { readInstalled } from './installed.ts';
import { developmentBill } from './locked-bills.ts';
import { nodeBill } from './node-bill.ts';
import { readLock } from './locks/read-lock.ts';

/** The layer of installed dependencies. */
export const MODULES = 'modules';
/** The layer of Node.js. */
const NODE = 'node';

/** What a build made, as the image gets it. */
export interface Recorded {
  readonly context: BuildContext;
  /** Where package.json and node_modules are. */
  readonly projectDir: string;
  readonly dependencies: Dependencies | undefined;
  /** The run image's is no part of the app's bills. */
  readonly node: Pick<NodeRuntime, 'version' | 'isRunImages'>;
}

/** What the image and its build are made of. */
export interface MadeBills {
  /** Of installed dependencies; undefined where they are not on disk, because their layer is taken over. */
  readonly modules: Bill | undefined;
  /** Of the app's own folders, with dependencies that it brings along. */
  readonly launch: Bill;
  /** Of devDependencies, which only the build has. */
  readonly build: Bill;
}

/** Reads what the image has of the app and what only the build used, when all is as the image gets it. */
export async function readBills({ context, projectDir, dependencies }: Recorded): Promise<MadeBills> {
  const { links } = dependencies === undefined ? {} : await metadataOf(context.layersDir, MODULES);
  const installed = await readInstalled(
    projectDir,
    dependencies !== undefined,
    links === undefined ? {} : readTexts(links),
  );
  const lock = dependencies && (await readLock(dependencies.choice));
  const places = (dependencies?.folders ?? []).map((folder) => join(folder, 'node_modules', '/'));
  const isOfLayer = (folder: string): boolean => places.some((place) => folder.startsWith(place));
  const isOnDisk = await stat(join(projectDir, 'node_modules')).catch(() => undefined);
  const isInstalled = dependencies !== undefined && isOnDisk !== undefined;
  return {
    modules: isInstalled ? installedBill(installed, lock, isOfLayer) : undefined,
    launch: installedBill(installed, lock, (folder) => !isOfLayer(folder)),
    build: developmentBill(installed, lock),
  };
}

/** Records them; layers that are taken over have their own bills already. */
export async function recordBills(bills: Bills, { modules, launch, build }: MadeBills, made: Recorded): Promise<void> {
  if (!bills.enabled) return;
  const { context, node } = made;
  if (!node.isRunImages) {
    const { integrity } = await metadataOf(context.layersDir, NODE);
    await bills.write({ layer: NODE }, nodeBill(node.version, integrity));
  }
  if (modules !== undefined) await bills.write({ layer: MODULES }, modules);
  await bills.write('launch', launch);
  await bills.write('build', build);
}
