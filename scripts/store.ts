import { join } from 'node:path';
import { parseReference, storePath } from '../src/oci/reference.ts';
import { HOST_ARCH } from '../stack/definition.ts';
import { CACHE } from './cache.ts';

/** The layout's folder of an image such as `openfunction/run-node:24` in the image store. */
export function imageFolder(name: string, arch: string = HOST_ARCH): string {
  return join(CACHE, 'images', storePath(parseReference(name), arch === HOST_ARCH ? undefined : arch));
}
