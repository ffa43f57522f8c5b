import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isTable } from '../../src/base/table.ts';
import { readToml } from '../../src/libcnb/toml-file.ts';
import type { Site } from './buildpack.ts';

/** Paths below a folder with what is there: a link's target, a folder's mode, a file's mode and hash. */
export function contentsOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isSymbolicLink()) return [`${file} -> ${readlinkSync(file)}`];
    if (entry.isDirectory()) return [`${file} ${modeOf(file)}`].concat(contentsOf(file));
    return [`${file} ${modeOf(file)} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`];
  });
}

/** All that a build gives to the image: app, launch layers, what is said of them, processes, labels, bills of materials. */
export async function imageOf({ app, layers }: Site): Promise<readonly string[]> {
  const files: string[] = [];
  for (const name of readdirSync(layers).filter((entry) => lstatSync(join(layers, entry)).isFile())) {
    if (!name.endsWith('.toml') || name === 'launch.toml') files.push(name);
    else if (await isLaunched(join(layers, name))) files.push(name, `${name.slice(0, -5)}/`);
  }
  const inImage = contentsOf(layers).map((line) => line.slice(layers.length + 1));
  const ofLayers = inImage.filter((line) => files.some((file) => line.startsWith(`${file} `) || line.startsWith(file)));
  return [...contentsOf(app).map((line) => line.slice(app.length + 1)), ...ofLayers];
}

async function isLaunched(file: string): Promise<boolean> {
  const types = (await readToml(file))['types'];
  return isTable(types) && types['launch'] === true;
}

function modeOf(path: string): string {
  return lstatSync(path).mode.toString(8);
}
