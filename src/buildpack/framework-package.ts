import { createHash } from 'node:crypto';
// Many small files: each promise would cost a build more than the file does.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { FnError } from '../base/error.ts';
import type { Table } from '../base/table.ts';
import { FRAMEWORK } from './framework-names.ts';
import { readJsonTable } from './json-file.ts';

/** The framework's files and what identifies them. */
export interface FrameworkPackage {
  readonly version: string;
  /** SHA-256 over names and bytes, in hex. */
  readonly digest: string;
  /** Relative path to bytes, sorted by path. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Reads the framework out of the buildpack's folder; `more` are patterns of what else an image needs. */
export async function readFrameworkPackage(
  buildpackDir: string,
  more: readonly string[] = [],
): Promise<FrameworkPackage> {
  const framework = await findFramework(buildpackDir, [FRAMEWORK.main], more);
  if (framework !== undefined) return framework;
  throw new FnError(`Couldn't find the functions framework in the buildpack at ${buildpackDir}.`, {
    code: 'OFN-BUILDPACK',
    hint: 'The builder image is incomplete: pull it again, or run "make builder" in its repository.',
  });
}

/** Reads the framework out of a folder; undefined where it has not all of the `needed` modules. */
export async function findFramework(
  folder: string,
  needed: readonly string[],
  more: readonly string[],
): Promise<FrameworkPackage | undefined> {
  const manifest = await readJsonTable(join(folder, 'package.json'), 'OFN-BUILDPACK');
  const paths: string[] = [];
  for (const entry of globSync([...FRAMEWORK.files, ...more], { cwd: folder, withFileTypes: true })) {
    if (entry.isFile()) paths.push(relative(folder, join(entry.parentPath, entry.name)));
  }
  const version = manifest?.['version'];
  const isWhole = needed.every((path) => paths.includes(path));
  if (manifest === undefined || typeof version !== 'string' || !isWhole) return undefined;
  const files = new Map([['package.json', Buffer.from(renderManifest(manifest))]]);
  for (const path of paths.toSorted()) files.set(path, readFileSync(join(folder, path)));
  return { version, digest: digestOf(files), files };
}

/** Writes the framework as an installed package below `nodeModules`. */
export function installFramework(framework: FrameworkPackage, nodeModules: string): void {
  const folder = join(nodeModules, FRAMEWORK.name);
  for (const parent of new Set([...framework.files.keys()].map((path) => dirname(path)))) {
    mkdirSync(join(folder, parent), { recursive: true });
  }
  for (const [path, bytes] of framework.files) writeFileSync(join(folder, path), bytes, { mode: 0o644 });
}

/** The package.json of the installed framework: what Node and people need, no scripts and no dependencies. */
function renderManifest(manifest: Table): string {
  const kept = ['name', 'version', 'description', 'homepage', 'license', 'type', 'exports', 'engines'];
  return `${JSON.stringify(Object.fromEntries(kept.map((key) => [key, manifest[key]])), null, 2)}\n`;
}

function digestOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
