import { chmod, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withScratch } from '../../base/scratch.ts';
import { createFolder, openLayer, writeLayer, type Layer } from '../../libcnb/layer.ts';
import { unpackTarball } from '../managers/registry.ts';
import { metadataOf } from './layer-metadata.ts';
import type { NodeOrigin } from './origin.ts';

/** A Node.js on disk that a build can run and compile for. */
export interface NodePackage {
  /** Its folder, with `bin/node`, `include/node` and LICENSE. */
  readonly folder: string;
  /** `process.versions.modules` of it. */
  readonly abi: string;
  /** What its tarball was compared with. */
  readonly integrity: string;
}

/** What identifies the files of a Node.js. */
export interface NodeIdentity {
  readonly version: string;
  /** Architecture in the spec's terms. */
  readonly arch: string;
}

const LAYER = 'node-package';

/** What builds need of a tarball; headers of OpenSSL for other systems make up half of it. */
const NEEDED = [
  '--no-same-owner',
  '--wildcards',
  '*/bin/node',
  '*/LICENSE',
  '*/include/node',
  '--exclude=*/openssl/archs/[!l]*',
  '--exclude=*/openssl/archs/linux-[!ax]*',
];

/** The cache layer of a Node.js that an earlier build fetched, where the lifecycle brought it back. */
export async function cachedPackage(layersDir: string, identity: NodeIdentity): Promise<NodePackage | undefined> {
  const { abi = '', integrity = '' } = await metadataOf(layersDir, LAYER);
  const layer = await open(layersDir, identity);
  if (layer.state.kind !== 'restored') return undefined;
  return keep(layersDir, layer, { ...identity, abi, integrity });
}

/** Fetches a Node.js into the cache layer. */
export async function fetchPackage(
  layersDir: string,
  identity: NodeIdentity,
  origin: NodeOrigin,
): Promise<NodePackage> {
  const layer = await open(layersDir, identity);
  const folder = await createFolder(layer);
  return withScratch(tmpdir(), 'ofn-node', async (scratch) => {
    const { path, integrity } = await origin.download(identity.version, scratch);
    await unpackTarball(path, folder, NEEDED);
    await chmod(join(folder, 'bin/node'), 0o755);
    return keep(layersDir, layer, { ...identity, abi: await abiOf(folder), integrity });
  });
}

async function open(layersDir: string, { version, arch }: NodeIdentity): Promise<Layer> {
  return openLayer(layersDir, { name: LAYER, types: { cache: true }, metadata: { version, arch } });
}

async function keep(
  layersDir: string,
  layer: Layer,
  metadata: NodeIdentity & { readonly abi: string; readonly integrity: string },
): Promise<NodePackage> {
  await writeLayer(layersDir, layer, { ...metadata });
  return { folder: layer.folder, abi: metadata.abi, integrity: metadata.integrity };
}

/** By its header: a Node.js for another architecture can't be asked. */
async function abiOf(folder: string): Promise<string> {
  const header = await readFile(join(folder, 'include/node/node_version.h'), 'utf8');
  return /^#define NODE_MODULE_VERSION (\d+)$/m.exec(header)?.[1] ?? '';
}
