import { existsSync, readdirSync, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The names of the folders in a folder, links to folders not among them; none where there is no such folder. */
export async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** All that is below a folder, hidden folders too, links not followed; nothing where there is no folder. */
export function allBelow(folder: string): readonly Dirent[] {
  return existsSync(folder) ? below(folder) : [];
}

function below(folder: string): readonly Dirent[] {
  // A promise for each folder would cost more than the folder does.
  const entries = readdirSync(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return entries.concat(folders.flatMap(({ name }) => below(join(folder, name))));
}
