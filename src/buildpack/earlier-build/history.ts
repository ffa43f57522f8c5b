import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnits } from '../../base/order.ts';
import { foldersUp } from '../project/project-folder.ts';

/**
 * SHA-256, in hex, of what scripts can ask git about an app: its commit, its branch and all tags, of the nearest folder
 * upwards that has a history; the same for all apps without one. The files of the app are the same in many commits,
 * but what a script made of `git describe` is not.
 */
export async function readHistory(appDir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of foldersUp('/', appDir)) {
    const git = join(folder, '.git');
    const head = await textAt(join(git, 'HEAD'));
    if (head === undefined) continue;
    const branch = /^ref: (\S+)/.exec(head)?.[1];
    const loose = branch === undefined ? undefined : await textAt(join(git, branch));
    const packed = ((await textAt(join(git, 'packed-refs'))) ?? '').split('\n');
    const told = packed.filter((line) => line.includes(' refs/tags/') || line.endsWith(` ${branch}`));
    const tags = [...(await filesIn(join(git, 'refs/tags'))), ...(await filesIn(join(git, 'reftable')))];
    hash.update(JSON.stringify([head, loose, told, tags]));
    break;
  }
  return hash.digest('hex');
}

async function textAt(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').catch(() => undefined);
}

/** Names and texts, sorted; none where there is no such folder. */
async function filesIn(folder: string): Promise<readonly (readonly [string, string | undefined])[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files: (readonly [string, string | undefined])[] = [];
  for (const name of names.toSorted(byCodeUnits)) {
    const path = join(folder, name);
    if ((await lstat(path)).isFile()) files.push([name, await textAt(path)]);
  }
  return files;
}
