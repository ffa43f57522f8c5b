import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isTable } from '../../base/table.ts';

const FILES = '**/{package.json,package-lock.json,npm-shrinkwrap.json,pnpm-lock.yaml,yarn.lock,bun.lock}';
const CREDENTIALS = /((?:git\+)?https?:\/\/)[^\s"'/@]+@/g;
const KINDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
];

/** An address, or a text with addresses, without users and passwords. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(CREDENTIALS, '$1');
}

/**
 * Takes users and passwords out of the addresses of packages in lock files and manifests of the app, which are in the
 * image, and gives the paths of those that had any, sorted.
 */
export async function removeCredentials(appDir: string): Promise<string[]> {
  const changed: string[] = [];
  for await (const path of glob(FILES, { cwd: appDir, exclude: isNotOfApp })) {
    const text = await readFile(join(appDir, path), 'utf8');
    const clean = basename(path) === 'package.json' ? cleanManifest(text) : withoutCredentials(text);
    if (clean === text) continue;
    await writeFile(join(appDir, path), clean);
    changed.push(path);
  }
  return changed.toSorted();
}

function isNotOfApp(name: string): boolean {
  return name === 'node_modules' || name === '.git';
}

/** Other addresses of a manifest are the function's own. */
function cleanManifest(text: string): string {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return text;
  }
  if (!isTable(manifest)) return text;
  const table = manifest;
  const ranges = KINDS.flatMap((kind) => Object.values(isTable(table[kind]) ? table[kind] : {}));
  return ranges
    .filter((range) => typeof range === 'string')
    .reduce((clean, range) => clean.replaceAll(JSON.stringify(range), JSON.stringify(withoutCredentials(range))), text);
}
