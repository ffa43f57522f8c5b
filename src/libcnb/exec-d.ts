import { join } from 'node:path';
import { writeText } from './text-file.ts';
import { encodeToml } from './toml-file.ts';

/** Writes an executable that the launcher runs before the process, or before one process: https://github.com/buildpacks/spec/blob/main/buildpack.md#execd */
export async function writeExecD(
  layerDir: string,
  program: { readonly name: string; readonly text: string; readonly process?: string },
): Promise<void> {
  const path = join(layerDir, 'exec.d', program.process ?? '', program.name);
  await writeText(path, program.text, 0o755);
}

/** What an exec.d program writes to file descriptor 3: variables to set. */
export function encodeExecDOutput(variables: Readonly<Record<string, string>>): string {
  return encodeToml(variables);
}
