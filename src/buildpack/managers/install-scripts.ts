import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersIn } from '../../base/folders.ts';
import { isTable } from '../../base/table.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import { INSTALL_SCRIPTS } from '../project/package-json.ts';
import { STORES } from '../project/package-stores.ts';

/** The names of packages installed in some node_modules that have something to run when they are installed, sorted. */
export async function packagesWithScripts(installed: readonly string[]): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const nodeModules of installed) {
    for await (const folder of packageFolders(nodeModules)) {
      const name = await scriptedName(folder);
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].toSorted();
}

/** The folders of packages below a node_modules; links lead to what is found anyway, or out of it. */
async function* packageFolders(nodeModules: string): AsyncGenerator<string> {
  for (const name of await foldersIn(nodeModules)) {
    const path = join(nodeModules, name);
    if (STORES.has(name)) {
      for (const one of await foldersIn(path)) yield* packageFolders(join(path, one, 'node_modules'));
    } else if (!name.startsWith('.')) {
      const folders = name.startsWith('@') ? (await foldersIn(path)).map((one) => join(path, one)) : [path];
      for (const folder of folders) {
        yield folder;
        yield* packageFolders(join(folder, 'node_modules'));
      }
    }
  }
}

async function scriptedName(folder: string): Promise<string | undefined> {
  const manifest: unknown = JSON.parse(
    (await readTextIfPresent(join(folder, 'package.json'), 'OFN-DEPS-INSTALL')) ?? '{}',
  );
  if (!isTable(manifest)) return undefined;
  const scripts = isTable(manifest['scripts']) ? Object.keys(manifest['scripts']) : [];
  const isScripted = scripts.some((script) => INSTALL_SCRIPTS.has(script));
  // Without a script of its own, such a package is compiled.
  const isNative = (await readdir(folder)).includes('binding.gyp') && manifest['gypfile'] !== false;
  return isScripted || isNative ? String(manifest['name']) : undefined;
}
