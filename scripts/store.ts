import { join } from 'node:path';
import { CACHE } from './cache.ts';

/** The image store's folder of OCI layouts, laid out as the lifecycle's `-layout-dir` wants it. */
export const STORE: string = join(CACHE, 'images');

/** The layout's folder of an image such as `openfunction/run-node:24`. */
export function imageFolder(name: string): string {
  const [repository = name, tag = 'latest'] = name.split(':');
  return join(STORE, 'index.docker.io', repository, tag);
}
