import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { byCodeUnits } from '../../../base/order.ts';
import { withScratch } from '../../../base/scratch.ts';
import type { Environment } from '../../../base/setting.ts';
import { recordableFile } from '../../bindings/recordable.ts';
import { readTextIfPresent } from '../../../libcnb/text-file.ts';
import { WITNESS } from './protocol.ts';

/** What install scripts of packages looked at in a project: path to what was there, `none` where nothing was. */
export type Looks = Readonly<Record<string, string>>;

/** Where to look, and with what. */
export interface Witnessed {
  readonly buildpackDir: string;
  readonly projectDir: string;
  readonly env: Environment;
}

const PROGRAM = 'dist/witness/index.js';
const NONE = 'none';
/** More than these are not told apart: they get into labels. */
const MOST = 300;
/** The name of a file that is never there. */
const MANY = '\0many';

/**
 * Installs with `install`, in whose environment scripts tell what of the project they look at. Scripts in other languages than
 * JavaScript are not seen: they are compilers, which look at their own package.
 */
export async function withWitness(
  { buildpackDir, projectDir, env }: Witnessed,
  install: (env: Environment) => Promise<void>,
): Promise<Looks> {
  return withScratch(tmpdir(), 'ofn-witness', async (folder) => {
    const file = join(folder, 'looks');
    const option = `--import=${pathToFileURL(join(buildpackDir, PROGRAM)).href}`;
    const options = [env['NODE_OPTIONS'], option].filter((one) => one !== undefined && one !== '').join(' ');
    await install({
      ...env,
      npm_lifecycle_event: undefined,
      NODE_OPTIONS: options,
      [WITNESS.project]: projectDir,
      [WITNESS.file]: file,
    });
    const lines = ((await readTextIfPresent(file)) ?? '').split('\n').filter((line) => line !== '');
    const paths = new Set(lines.map((line) => String(JSON.parse(line))));
    return paths.size > MOST ? { [MANY]: MANY } : describeLooks(projectDir, [...paths]);
  });
}

/** What is at paths of a project now. */
async function describeLooks(projectDir: string, paths: readonly string[]): Promise<Looks> {
  const looks = paths.toSorted(byCodeUnits).map(async (path) => [path, await describe(projectDir, path)] as const);
  return Object.fromEntries(await Promise.all(looks));
}

async function describe(projectDir: string, path: string): Promise<string> {
  const file = join(projectDir, path);
  try {
    if (path.endsWith('/')) return digest(JSON.stringify((await readdir(file)).toSorted(byCodeUnits)));
    const stat = await lstat(file);
    if (stat.isSymbolicLink()) return `link ${await readlink(file)}`;
    if (!stat.isFile()) return 'folder';
    const read = recordableFile(path);
    return digest(read === undefined ? await readFile(file) : read(await readFile(file, 'utf8')));
  } catch {
    return NONE;
  }
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** Whether all that was looked at is as it was. */
export async function areSame(projectDir: string, looks: Looks): Promise<boolean> {
  const now = await describeLooks(projectDir, Object.keys(looks));
  return Object.entries(looks).every(([path, what]) => now[path] === what);
}
