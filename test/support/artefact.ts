import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root. */
export const ROOT: string = new URL('../..', import.meta.url).pathname;

/** The path of something the build makes; tests of artefacts never build them. */
export function artefact(path: string): string {
  const file = join(ROOT, path);
  if (!existsSync(file)) throw new Error(`There is no ${path}: run "make build" first.`);
  return file;
}
