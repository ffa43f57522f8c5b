import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Paths below a folder with what is there: a link's target, a file's mode and hash. */
export function contentsOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isSymbolicLink()) return [`${file} -> ${readlinkSync(file)}`];
    if (entry.isDirectory()) return [file].concat(contentsOf(file));
    const mode = lstatSync(file).mode.toString(8);
    return [`${file} ${mode} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`];
  });
}
