import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Arch } from './definition.ts';

/** What an image says of itself: https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** An image to write: its layers are tar files, the lowest first. */
export interface Image {
  readonly arch: Arch;
  /** RFC 3339. */
  readonly created: string;
  readonly config: ImageConfig;
  readonly layers: readonly { readonly tar: string; readonly createdBy: string }[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Writes an image as an OCI layout and gives its manifest's digest: https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
export async function writeLayout(folder: string, image: Image): Promise<string> {
  const blobs = join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const layers: Descriptor[] = [];
  const diffIds: string[] = [];
  for (const layer of image.layers) {
    const { diffId, descriptor } = await writeLayer(blobs, layer.tar);
    layers.push(descriptor);
    diffIds.push(diffId);
  }
  const config = await writeJson(blobs, 'application/vnd.oci.image.config.v1+json', {
    architecture: image.arch,
    os: 'linux',
    created: image.created,
    config: image.config,
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: image.layers.map(({ createdBy }) => ({ created: image.created, created_by: createdBy })),
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await writeJson(blobs, mediaType, { schemaVersion: 2, mediaType, config, layers });
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [manifest] };
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  return manifest.digest;
}

async function writeJson(blobs: string, mediaType: string, value: unknown): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = createHash('sha256').update(bytes).digest('hex');
  await writeFile(join(blobs, digest), bytes);
  return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
}

async function writeLayer(blobs: string, tar: string): Promise<{ diffId: string; descriptor: Descriptor }> {
  const plain = meter();
  const packed = meter();
  const scratch = join(blobs, 'layer');
  await pipeline(createReadStream(tar), plain.stream, createGzip(), packed.stream, createWriteStream(scratch));
  const digest = packed.digest();
  await rename(scratch, join(blobs, digest));
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  return {
    diffId: `sha256:${plain.digest()}`,
    descriptor: { mediaType, digest: `sha256:${digest}`, size: packed.size() },
  };
}

/** A stream that counts and hashes what passes. */
function meter(): { stream: Transform; digest: () => string; size: () => number } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, digest: () => hash.digest('hex'), size: () => size };
}
