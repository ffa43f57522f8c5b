import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { makeFolder } from './workspace.ts';

/** A tar file of `files` in memory. */
export async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const cwd = makeFolder(files);
  const chunks: Buffer[] = [];
  for await (const chunk of create({ cwd, portable: true }, Object.keys(files))) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The manifest of such a layout, for a test to change before it is written. */
export interface LayoutManifest {
  readonly schemaVersion: number;
  readonly config: unknown;
  readonly layers: { mediaType: string }[];
  annotations?: Record<string, string>;
}

/** Writes an OCI layout with one image of these layers, and gives its folder. */
export function layoutOf(
  layers: readonly Buffer[],
  change: (manifest: LayoutManifest) => void = () => {},
  labels: Readonly<Record<string, string>> = { l: 'v' },
): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const put = (bytes: Buffer, mediaType: string) => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(folder, 'blobs/sha256', hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const diffIds = layers.map((layer) => `sha256:${createHash('sha256').update(layer).digest('hex')}`);
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin', 'A=b=c'], Entrypoint: ['/main'], User: '1:2', Labels: labels },
    rootfs: { type: 'layers', diff_ids: diffIds },
  };
  const manifest: LayoutManifest = {
    schemaVersion: 2,
    config: put(json(config), 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => put(gzipSync(layer), 'application/vnd.oci.image.layer.v1.tar+gzip')),
  };
  change(manifest);
  const index = { schemaVersion: 2, manifests: [put(json(manifest), 'application/vnd.oci.image.manifest.v1+json')] };
  writeFileSync(join(folder, 'index.json'), json(index));
  return folder;
}
