import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { execa } from 'execa';
import { FnError } from '../base/error.ts';
import { blobPath, broken, type Descriptor, type LayoutImage } from './layout.ts';
import { walk } from './tree.ts';

/** Layers unpacked, a folder each, for overlayfs to stack. */
export interface UnpackedImage {
  /** Folder names below `folder`, the lowest layer first. */
  readonly layers: readonly string[];
  readonly folder: string;
}

/**
 * Unpacks each layer of an image into `<folder>/<digest>` unless it is there: images share what they have in common.
 * Digests of the compressed and of the plain bytes are checked. Layers that delete files of lower ones are refused.
 */
export async function unpackImage(image: LayoutImage, folder: string): Promise<UnpackedImage> {
  const names: string[] = [];
  for (const [index, layer] of image.layers.entries()) {
    const diffId = image.diffIds[index] ?? '';
    const name = diffId.replace('sha256:', '').slice(0, 32);
    names.push(name);
    if (!existsSync(join(folder, name))) await unpackLayer(image, layer, diffId, join(folder, name));
  }
  return { layers: [...new Set(names)], folder };
}

async function unpackLayer(image: LayoutImage, layer: Descriptor, diffId: string, place: string): Promise<void> {
  const scratch = `${place}.part`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const stored = hashing();
  const plain = hashing();
  const source = createReadStream(blobPath(image.folder, layer.digest));
  // GNU tar refuses paths that lead out of the folder, and is three times as fast as a JavaScript one.
  // It has to read the zeros after the last file too, or the pipe to it breaks before the digest is known.
  const tar = execa('tar', [
    '--extract',
    '--ignore-zeros',
    '--same-permissions',
    '--numeric-owner',
    '--directory',
    scratch,
  ]);
  await Promise.all([pipeline(source, stored.stream, decompressor(layer.mediaType), plain.stream, tar.stdin), tar]);
  const [storedDigest, plainDigest] = [stored.digest(), plain.digest()];
  if (storedDigest !== layer.digest) throw broken(image.folder, `${layer.digest} is ${storedDigest}`);
  if (plainDigest !== diffId) throw broken(image.folder, `the layer ${diffId} is ${plainDigest}`);
  for await (const { path, entry } of walk(Buffer.from(scratch))) {
    if (!entry.name.toString().startsWith('.wh.')) continue;
    throw broken(image.folder, `a layer deletes "${path.toString()}" of a lower layer, which is not supported`);
  }
  await rename(scratch, place);
}

function decompressor(mediaType: string): Transform {
  if (mediaType.endsWith('gzip')) return zlib.createGunzip();
  if (mediaType.endsWith('zstd')) return zstdDecompressor();
  return new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) });
}

/** Node.js has it since 22.15. */
function zstdDecompressor(): Transform {
  if ('createZstdDecompress' in zlib) return zlib.createZstdDecompress();
  throw new FnError("Couldn't unpack the image: this Node.js does not know zstd, which its layers are packed with.", {
    code: 'OFN-IMAGE-LAYOUT',
    hint: 'Start ofn with Node.js 22.15 or later.',
  });
}

function hashing(): { stream: Transform; digest: () => string } {
  const hash = createHash('sha256');
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, digest: () => `sha256:${hash.digest('hex')}` };
}
