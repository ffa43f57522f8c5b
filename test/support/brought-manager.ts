import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { CACHE, keyOf, once } from '../../scripts/cache.ts';
import { chooseManager } from '../../src/buildpack/managers/choose.ts';
import { readPackageJson } from '../../src/buildpack/project/package-json.ts';
import { makeSite, type Site } from './buildpack.ts';
import { NPM_CACHE, plainApp } from './shape.ts';

const LAYER = 'package-manager';

/**
 * Gives a site the layer of the package manager that its files ask for, as a lifecycle's cache brings it back: it is
 * fetched once.
 */
export async function bringManager(site: Site): Promise<void> {
  const manager = await managerOf(site);
  if (manager === undefined) return;
  const key = await keyOf(['src/buildpack/managers/program.ts', 'src/libcnb/layer.ts'], [manager]);
  const brought = join(CACHE, 'test-managers', key);
  await once(brought, async (scratch) => fetchManager(manager, scratch));
  await execa('cp', ['--archive', `${brought}/.`, site.layers]);
}

/** Undefined where nothing is installed, or by the builder's own. */
async function managerOf({ app }: Site): Promise<string | undefined> {
  const packageJson = await readPackageJson(app);
  if (packageJson === undefined) return undefined;
  const { manager, version } = await chooseManager(app, packageJson);
  return version === undefined ? undefined : `${manager.name}@${version}`;
}

async function fetchManager(manager: string, folder: string): Promise<void> {
  const site = makeSite(plainApp({ packageManager: manager }));
  const { exitCode, output } = await site.build({ FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE });
  if (exitCode !== 0) throw new Error(output);
  // The npm of the builder has no layer.
  const parts = [LAYER, `${LAYER}.toml`].map((name) => join(site.layers, name)).filter((path) => existsSync(path));
  if (parts.length > 0) await execa('cp', ['--archive', ...parts, folder]);
}
