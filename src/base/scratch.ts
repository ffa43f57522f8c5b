import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Lends a folder of the moment below `parent`, which is gone afterwards, however `act` ends. */
export async function withScratch<T>(parent: string, kind: string, act: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `${kind}-`));
  try {
    return await act(folder);
  } finally {
    // Processes that were told to end may still write for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
