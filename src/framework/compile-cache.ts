import { mkdtempSync, readdirSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Always there in a container, in memory, and writable where the root file system is not. */
const SHARED_MEMORY = '/dev/shm';

/**
 * Lets Node take compiled code out of `entries`, a folder that the build filled, whoever runs the process and on
 * whatever processor. Node looks in a folder named after its version, the processor and the user, and makes it where it
 * is missing; a link to `entries` takes its place. Where nothing can be written there is no cache, and where Node has
 * one already (NODE_COMPILE_CACHE) or must not (NODE_DISABLE_COMPILE_CACHE) this changes nothing.
 *
 * Gives what removes the link, for the end of the process.
 */
export function linkCompileCache(entries: string, places: readonly string[] = [SHARED_MEMORY, tmpdir()]): () => void {
  if (getCompileCacheDir() !== undefined) return () => {};
  for (const place of places) {
    try {
      return linkIn(mkdtempSync(join(place, 'ofn-compile-cache-')), entries);
    } catch {
      // The next place may be writable; without one the function starts slower, and starts.
    }
  }
  return () => {};
}

function linkIn(folder: string, entries: string): () => void {
  enableCompileCache(folder);
  for (const name of readdirSync(folder)) {
    rmdirSync(join(folder, name));
    symlinkSync(entries, join(folder, name));
  }
  return () => rmSync(folder, { recursive: true, force: true });
}
