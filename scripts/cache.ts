import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where everything that is built once lives, outside the work tree. */
export const CACHE: string =
  process.env['OFN_CACHE_DIR'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'openfunction-builder-node');

/** The repository's root. */
export const ROOT: string = new URL('..', import.meta.url).pathname;

/** A short key of files (relative to the root) and texts: it changes when any of them does. */
export async function keyOf(files: readonly string[], texts: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(join(ROOT, file))).update('\0');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** Makes `folder` with `make` unless it is there; an interrupted or failed make leaves nothing behind. */
export async function once(folder: string, make: (scratch: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const scratch = `${folder}.${process.pid}`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  try {
    await make(scratch);
    await mkdir(dirname(folder), { recursive: true });
    await rename(scratch, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
