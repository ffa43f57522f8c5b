import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isTaken } from './node-modules.ts';

/** What the app's root has for people and for npm, not for the function: history, and settings that may hold a token. */
const LEFT_OUT = ['.git', '.npmrc'] as const;

/** Removes from the app what must not be in an image, and gives the names of what was there. */
export async function leaveOut(appDir: string): Promise<string[]> {
  const removed: string[] = [];
  for (const name of LEFT_OUT) {
    const path = join(appDir, name);
    if (!(await isTaken(path))) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}
