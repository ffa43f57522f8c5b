import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isTable, type Table } from '../base/table.ts';
import { isAbsent } from './text-file.ts';
import { readTomlIfPresent, writeToml, type TomlTable } from './toml-file.ts';

/** What `<layer>.toml` says of a layer. */
export interface LayerRecord {
  readonly metadata: Table;
  /** Whether it goes into the image; false for what the lifecycle restored and nobody has taken over. */
  readonly launch: boolean;
}

const OTHER_FILES = new Set(['launch.toml', 'build.toml', 'store.toml']);

/** What is told of every layer, by name: as the lifecycle restored them, or as the build has written them. */
export async function readLayerRecords(layersDir: string): Promise<ReadonlyMap<string, LayerRecord>> {
  const files = (await namesIn(layersDir)).filter((name) => name.endsWith('.toml') && !OTHER_FILES.has(name));
  const records = new Map<string, LayerRecord>();
  for (const file of files.toSorted()) {
    const { types, metadata } = (await readTomlIfPresent(join(layersDir, file))) ?? {};
    const launch = isTable(types) && types['launch'] === true;
    records.set(file.slice(0, -'.toml'.length), { metadata: isTable(metadata) ? metadata : {}, launch });
  }
  return records;
}

/** Adds keys to the metadata of a layer that is written. */
export async function addMetadata(layersDir: string, name: string, more: TomlTable): Promise<void> {
  const path = join(layersDir, `${name}.toml`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was read from TOML can be written as TOML
  const file = ((await readTomlIfPresent(path)) ?? {}) as TomlTable;
  const metadata = file['metadata'];
  await writeToml(path, { ...file, metadata: { ...(isTable(metadata) ? metadata : {}), ...more } });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
