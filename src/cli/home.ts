import { join } from 'node:path';
import type { Environment } from '../base/setting.ts';

/** Folders that `ofn` keeps between runs. */
export interface Home {
  /** Images as OCI layouts, laid out as the lifecycle's `-layout-dir`. */
  readonly images: string;
  /** Unpacked layers. */
  readonly layers: string;
  /** The lifecycle's cache, a folder an image. */
  readonly builds: string;
  /** Scratch folders of running commands. */
  readonly work: string;
  /** Programs that came with this project. */
  readonly tools: string;
}

/** The folders below OFN_CACHE_DIR, or below the user's cache folder. */
export function findHome(env: Environment): Home {
  const caches = env['XDG_CACHE_HOME'] || join(env['HOME'] ?? '/tmp', '.cache');
  const root = env['OFN_CACHE_DIR'] || join(caches, 'openfunction-builder-node');
  const at = (name: string): string => join(root, name);
  return {
    images: at('images'),
    layers: at('layers'),
    builds: at('builds'),
    work: at('work'),
    tools: at('tools/current'),
  };
}
