import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobPath } from './layout.ts';

/** Docker's names of layer types, which the lifecycle writes into OCI manifests, and OCI's. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  'application/vnd.docker.image.rootfs.diff.tar.gzip': 'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.docker.image.rootfs.diff.tar': 'application/vnd.oci.image.layer.v1.tar',
};

interface Entry {
  digest: string;
  size: number;
  mediaType: string;
}

interface Manifest {
  annotations?: Record<string, string>;
  layers: Entry[];
}

/**
 * Rewrites the manifest of a layout the lifecycle made: OCI media types throughout, and no tag among the annotations,
 * so that the digest follows from the contents alone. The tag stays in index.json, where the specification has it:
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export async function conformLayout(folder: string): Promise<void> {
  const indexFile = join(folder, 'index.json');
  const index: { manifests: [Entry] } = JSON.parse(await readFile(indexFile, 'utf8'));
  const [entry] = index.manifests;
  const { annotations: _, ...manifest }: Manifest = JSON.parse(await readFile(blobPath(folder, entry.digest), 'utf8'));
  for (const layer of manifest.layers) layer.mediaType = MEDIA_TYPES[layer.mediaType] ?? layer.mediaType;
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (digest === entry.digest) return;
  await writeFile(blobPath(folder, digest), bytes);
  await rm(blobPath(folder, entry.digest));
  Object.assign(entry, { digest, size: bytes.length });
  await writeFile(indexFile, JSON.stringify(index));
}
