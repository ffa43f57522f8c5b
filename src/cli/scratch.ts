import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.ts';

/** Lends a folder of the moment, which is gone afterwards, however `act` ends. */
export async function withScratch<T>(home: Home, kind: string, act: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(home.work, { recursive: true });
  const folder = await mkdtemp(join(home.work, `${kind}-`));
  try {
    return await act(folder);
  } finally {
    // Processes that were told to end may still write for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
