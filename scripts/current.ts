import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE } from './cache.ts';

/** Makes `name` in the folder of the programs that this check-out pins a link to `path`, or lets there be none. */
export async function setCurrent(name: string, path: string | undefined): Promise<void> {
  const current = join(CACHE, 'tools', 'current');
  await mkdir(current, { recursive: true });
  await rm(join(current, name), { force: true });
  if (path !== undefined) await symlink(path, join(current, name));
}
