import { glob, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withScratch } from '../../base/scratch.ts';
import type { Environment } from '../../base/setting.ts';
import { writeText } from '../../libcnb/text-file.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { nodeModulesIn } from '../dependencies/node-modules.ts';
import { readJsonTable } from '../project/json-file.ts';
import { ANY_STORE } from '../project/package-stores.ts';

/** How a manager is told to take a folder in place of a package, whichever package asks for that and in what range. */
export interface StandIn {
  /** What is put into the manifest of the project. */
  readonly manifest?: { readonly key: 'overrides' | 'resolutions'; readonly range: string };
  readonly env?: Environment;
}

/** The hooks of pnpm in such a folder: https://pnpm.io/pnpmfile */
export const HOOKS = 'pnpmfile.cjs';
const VERSION = '0.0.0-of-the-image';

/**
 * Works with a folder that is the framework for package managers, with nothing in it: packages that ask for the framework get
 * that of the image, by the one link to it, and no registry needs to have it.
 */
export async function withStandIn<T>(work: (folder: string) => Promise<T>): Promise<T> {
  return withScratch(tmpdir(), 'ofn-framework', async (folder) => {
    await writeText(join(folder, 'package.json'), JSON.stringify({ name: FRAMEWORK.name, version: VERSION }));
    await writeText(join(folder, HOOKS), renderHooks(FRAMEWORK.name));
    return work(folder);
  });
}

/** Takes it out of what was installed: links to it, copies of it, and folders that were made for these. */
export async function removeStandIns(projectDir: string, folders: readonly string[]): Promise<void> {
  const below = `node_modules/${FRAMEWORK.name}`;
  const places = [FRAMEWORK.name, `**/${below}`, `${ANY_STORE}/*/**/${below}`];
  for (const nodeModules of nodeModulesIn(projectDir, folders)) {
    for await (const path of glob(places, { cwd: nodeModules })) {
      const place = join(nodeModules, path);
      const manifest = await readJsonTable(join(place, 'package.json'), 'OFN-PACKAGE-JSON');
      if (manifest?.['version'] !== VERSION) continue;
      await rm(place, { recursive: true });
      await removeIfEmpty(dirname(place));
    }
  }
}

/** The folder of a scope, and the node_modules that it is in. */
async function removeIfEmpty(scope: string): Promise<void> {
  for (const folder of [scope, dirname(scope)]) {
    if ((await readdir(folder)).length > 0) return;
    await rmdir(folder);
  }
}

/** pnpm can leave the package out; a folder in its place would be in the names of others. */
function renderHooks(name: string): string {
  return `exports.hooks = {
  readPackage(manifest) {
    for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies']) delete manifest[kind]?.[${JSON.stringify(name)}];
    return manifest;
  },
};
`;
}
