import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder, openLayer, writeLayer } from '../../libcnb/layer.ts';
import { isAbsent, makeFolder } from '../../libcnb/text-file.ts';
import { metadataOf } from './layer-metadata.ts';
import type { NodeIdentity } from './node-package.ts';

/** Where a Node.js lies, and what of it goes into the layer's metadata. */
export interface NodeFiles {
  /** The folder with `bin/node` and LICENSE. */
  readonly folder: string;
  readonly abi: string;
  /** What its tarball was compared with; the builder's own has no tarball. */
  readonly integrity?: string;
}

const NAME = 'node';

/** The Node.js in the layer of the previous image, when there is one. */
export async function recordedNode(layersDir: string): Promise<NodeIdentity | undefined> {
  const { arch, version } = await metadataOf(layersDir, NAME);
  return arch === undefined || version === undefined ? undefined : { arch, version };
}

/**
 * The launch layer with a Node.js: its program, which is found through PATH, and its licence. `provide` is asked for the
 * files only where the previous image's layer is another one.
 */
export async function writeNodeLayer(
  layersDir: string,
  { version, arch }: NodeIdentity,
  provide: () => Promise<NodeFiles>,
): Promise<{ readonly abi: string; readonly isReused: boolean }> {
  const known = await metadataOf(layersDir, NAME);
  const layer = await openLayer(layersDir, { name: NAME, types: { launch: true }, metadata: { version, arch } });
  if (layer.state.kind === 'restored') {
    await writeLayer(layersDir, layer, known);
    return { abi: known['abi'] ?? '', isReused: true };
  }
  const { folder, ...metadata } = await provide();
  const into = await createFolder(layer);
  await makeFolder(join(into, 'bin'));
  await copyFile(join(folder, 'bin/node'), join(into, 'bin/node'));
  await chmod(join(into, 'bin/node'), 0o755);
  await copyLicence(folder, join(into, 'LICENSE'));
  await writeLayer(layersDir, layer, { version, arch, ...metadata });
  return { abi: metadata.abi, isReused: false };
}

/** Packages of the registry and of nodejs.org have it at their top, an installed one has it with its documents or not. */
async function copyLicence(folder: string, into: string): Promise<void> {
  for (const name of ['LICENSE', 'share/doc/node/LICENSE']) {
    try {
      await copyFile(join(folder, name), into);
      await chmod(into, 0o644);
      return;
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
}
