import { join } from 'node:path';
import { layoutPath, parseReference } from '../src/oci/reference.ts';
import { CACHE } from './cache.ts';

/** The layout's folder of an image such as `openfunction/run-node:24` in the image store. */
export function imageFolder(name: string): string {
  return join(CACHE, 'images', layoutPath(parseReference(name)));
}
