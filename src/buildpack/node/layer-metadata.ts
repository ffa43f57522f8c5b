import { join } from 'node:path';
import { isTable } from '../../base/table.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';

/** The texts in the metadata of a layer as the previous build wrote them; none when there is no such layer. */
export async function metadataOf(layersDir: string, name: string): Promise<Readonly<Record<string, string>>> {
  const metadata = (await readTomlIfPresent(join(layersDir, `${name}.toml`)))?.['metadata'];
  if (!isTable(metadata)) return {};
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) => (isTable(value) ? [] : [[key, String(value)]])),
  );
}
