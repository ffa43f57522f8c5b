import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isTable } from '../../base/table.ts';
import { metadataOf } from '../node/layer-metadata.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import type { Dependencies } from '../dependencies.ts';
import { developmentBill, installedBill } from './app-bills.ts';
import type { Bills } from './bills.ts';
import { readInstalled } from './installed.ts';
import { nodeBill } from './node-bill.ts';
import { readLock } from './locks/read-lock.ts';

/** The layer of installed dependencies. */
const MODULES = 'modules';
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

/**
 * Records what the image has of the app and what only the build used, when all is as the image gets it:
 * - the layer of dependencies has its own bills, which are there already where it is taken over;
 * - so has the one of Node.js;
 * - the image's are of the app's own folders, with dependencies that it brings along;
 * - the build's are of devDependencies.
 */
export async function recordBills(bills: Bills, made: Recorded): Promise<void> {
  if (!bills.enabled) return;
  const { projectDir, dependencies, node } = made;
  const { layersDir } = made.context;
  if (!node.isRunImages) {
    const { integrity } = await metadataOf(layersDir, NODE);
    await bills.write({ layer: NODE }, nodeBill(node.version, integrity));
  }
  const { links } = dependencies === undefined ? {} : await metadataOf(layersDir, MODULES);
  const installed = await readInstalled(
    projectDir,
    dependencies !== undefined,
    links === undefined ? {} : linksIn(links),
  );
  const lock = dependencies && (await readLock(dependencies.choice));
  const isOfLayer = (folder: string): boolean => dependencies !== undefined && folder.startsWith('node_modules/');
  const isOnDisk = await stat(join(projectDir, 'node_modules')).catch(() => undefined);
  if (dependencies !== undefined && isOnDisk !== undefined) {
    await bills.write({ layer: MODULES }, installedBill(installed, lock, isOfLayer));
  }
  await bills.write(
    'launch',
    installedBill(installed, lock, (folder) => !isOfLayer(folder)),
  );
  await bills.write('build', developmentBill(installed, lock));
}

function linksIn(text: string): Readonly<Record<string, string>> {
  const links: unknown = JSON.parse(text);
  return Object.fromEntries(
    Object.entries(isTable(links) ? links : {}).map(([path, target]) => [path, String(target)]),
  );
}
