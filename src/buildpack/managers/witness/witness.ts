import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byCodeUnits } from '../../../base/order.ts';
import { withScratch } from '../../../base/scratch.ts';
import type { Environment } from '../../../base/setting.ts';
import { recordableFile } from '../../bindings/recordable.ts';
import { readTextIfPresent } from '../../../libcnb/text-file.ts';
import { WITNESS } from './protocol.ts';
import { watchReads } from './reads.ts';

/** What install scripts of packages looked at in an app: path to what was there, `none` where nothing was. */
export type Looks = Readonly<Record<string, string>>;

/** Where to look, and with what. */
export interface Witnessed {
  readonly buildpackDir: string;
  readonly appDir: string;
  readonly env: Environment;
  /** Whether a path of the app is one that package managers read by themselves, or keep for themselves. */
  readonly isOfManager: (path: string) => boolean;
}

const PROGRAM = 'dist/witness/index.js';
const NONE = 'none';
/** More than these are not told apart: they get into labels. */
const MOST = 300;
/** The name of a file that is never there. */
const MANY = '\0many';

/**
 * Installs with `install`, and gives what install scripts looked at in the app. Which files were read the file system knows;
 * scripts of Node.js tell by themselves, through the environment that `install` gets, what they looked for in vain or listed.
 */
export async function withWitness(
  { buildpackDir, appDir, env, isOfManager }: Witnessed,
  install: (env: Environment) => Promise<void>,
): Promise<Looks> {
  return withScratch(tmpdir(), 'ofn-witness', async (folder) => {
    const file = join(folder, 'looks');
    const preloaded = join(folder, 'witness.cjs');
    await writeFile(preloaded, preload(join(buildpackDir, PROGRAM)));
    const options = [env['NODE_OPTIONS'], `--require=${JSON.stringify(preloaded)}`].filter(Boolean).join(' ');
    const readFiles = await watchReads(appDir, (path) => !isOfManager(path));
    await install({
      ...env,
      npm_lifecycle_event: undefined,
      NODE_OPTIONS: options,
      [WITNESS.app]: appDir,
      [WITNESS.file]: file,
    });
    const lines = ((await readTextIfPresent(file)) ?? '').split('\n').filter((line) => line !== '');
    const paths = new Set([...lines.map((line) => String(JSON.parse(line))), ...(await readFiles())]);
    return paths.size > MOST ? { [MANY]: MANY } : describeLooks(appDir, [...paths]);
  });
}

/** A module that every Node.js can load: not all run in scripts, and old ones have no `require` of ES modules. */
function preload(program: string): string {
  const isOfScript = `process.env.npm_lifecycle_event !== undefined && process.features.require_module`;
  return `'use strict';\nif (${isOfScript}) require(${JSON.stringify(program)});\n`;
}

/** What is at paths of an app now. */
async function describeLooks(appDir: string, paths: readonly string[]): Promise<Looks> {
  const looks = paths.toSorted(byCodeUnits).map(async (path) => [path, await describe(appDir, path)] as const);
  return Object.fromEntries(await Promise.all(looks));
}

async function describe(appDir: string, path: string): Promise<string> {
  const file = join(appDir, path);
  try {
    if (path.endsWith('/')) return digest(JSON.stringify(await listOf(file)));
    const stat = await lstat(file);
    if (stat.isSymbolicLink()) return `link ${await readlink(file)}`;
    if (!stat.isFile()) return 'folder';
    const read = recordableFile(path);
    return digest(read === undefined ? await readFile(file) : read(await readFile(file, 'utf8')));
  } catch {
    return NONE;
  }
}

/** What a folder holds but for packages, which an install makes. */
async function listOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name !== 'node_modules').toSorted(byCodeUnits);
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** Whether all that was looked at is as it was. */
export async function areSame(appDir: string, looks: Looks): Promise<boolean> {
  const now = await describeLooks(appDir, Object.keys(looks));
  return Object.entries(looks).every(([path, what]) => now[path] === what);
}
