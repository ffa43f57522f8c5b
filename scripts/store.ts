import { join } from 'node:path';
import { parseReference, storePath } from '../src/oci/reference.ts';
import { CACHE } from './cache.ts';

/** The layout's folder of an image such as `openfunction/run-node:24` in the image store. */
export function imageFolder(name: string): string {
  return join(CACHE, 'images', storePath(parseReference(name)));
}
