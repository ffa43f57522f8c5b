import { join } from 'node:path';
import { writeToml } from './toml-file.ts';

/** Writes build.toml: names of plan entries that were not met: https://github.com/buildpacks/spec/blob/main/buildpack.md#buildtoml-toml */
export async function writeUnmet(layersDir: string, names: readonly string[]): Promise<void> {
  await writeToml(join(layersDir, 'build.toml'), { unmet: names.map((name) => ({ name })) });
}
