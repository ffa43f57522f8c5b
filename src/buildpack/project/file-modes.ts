import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOfAnother } from '../../libcnb/text-file.ts';

const FOLDER = 0o755;
const PROGRAM = 0o755;
const FILE = 0o644;
const OWNER_RUNS = 0o100;

/**
 * Gives the app's files the modes that any user of a container needs to read them, whatever the umask they were
 * checked out with: 755 for folders and programs, 644 for other files. Links are left alone, and so is what belongs to
 * another user and can be read by all.
 */
export async function normaliseModes(folder: string): Promise<void> {
  await setMode(folder, FOLDER);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await normaliseModes(path);
    else if (entry.isFile()) await setMode(path);
  }
}

async function setMode(path: string, wanted?: number): Promise<void> {
  const mode = (await lstat(path)).mode & 0o7777;
  const target = wanted ?? (mode & OWNER_RUNS ? PROGRAM : FILE);
  if (mode === target) return;
  try {
    await chmod(path, target);
  } catch (error) {
    // The app's folder itself is often another user's: a volume of a cluster. Everybody can read it as it is.
    if (!isOfAnother(error) || (mode & target) !== target) throw error;
  }
}
