import { join } from 'node:path';
import { isTable } from '../base/table.ts';
import { readTomlIfPresent, writeToml, type TomlTable } from './toml-file.ts';

/** Reads store.toml's metadata, empty at the first build: https://github.com/buildpacks/spec/blob/main/buildpack.md#storetoml-toml */
export async function readStore(layersDir: string): Promise<Readonly<Record<string, unknown>>> {
  const metadata = (await readTomlIfPresent(join(layersDir, 'store.toml')))?.['metadata'];
  return isTable(metadata) ? metadata : {};
}

/** Writes store.toml; the next build of the same image gets it back. */
export async function writeStore(layersDir: string, metadata: TomlTable): Promise<void> {
  await writeToml(join(layersDir, 'store.toml'), { metadata });
}
