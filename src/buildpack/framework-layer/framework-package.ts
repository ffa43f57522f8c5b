import { createHash } from 'node:crypto';
// Many small files: each promise of a read would cost a build more than the file does.
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { FnError } from '../../base/error.ts';
import { isTable, type Table } from '../../base/table.ts';
import { FRAMEWORK } from './framework-names.ts';
import { readJsonTable } from '../project/json-file.ts';

/** The framework's files and what identifies them. */
export interface FrameworkPackage {
  readonly version: string;
  /** SHA-256 over names and bytes, in hex. */
  readonly digest: string;
  /** Relative path to bytes, sorted by path. */
  readonly files: () => ReadonlyMap<string, Buffer>;
}

/** What is known of a framework before its files are read. */
export interface FrameworkSummary {
  readonly digest: string;
  /** Of its files but package.json, sorted. */
  readonly paths: readonly string[];
}

/** For whom an image has it: functions, or plugins of APISIX. */
export type FrameworkUse = 'function' | 'runner';

/** What a buildpack says of the framework that it carries, relative to its folder: made when that was bundled. */
export const FRAMEWORK_INDEX = 'build/framework.json';

/** The framework in the buildpack's folder; its files are read where an image needs them. */
export async function readFrameworkPackage(buildpackDir: string, use: FrameworkUse): Promise<FrameworkPackage> {
  const manifest = await readJsonTable(join(buildpackDir, 'package.json'), 'OFN-BUILDPACK');
  const summary = (await readJsonTable(join(buildpackDir, FRAMEWORK_INDEX), 'OFN-BUILDPACK'))?.[use];
  const version = manifest?.['version'];
  if (manifest !== undefined && typeof version === 'string' && isSummary(summary)) {
    return { version, digest: summary.digest, files: () => readFiles(buildpackDir, manifest, summary.paths) };
  }
  throw new FnError(`Couldn't find the functions framework in the buildpack at ${buildpackDir}.`, {
    code: 'OFN-BUILDPACK',
    hint: 'The builder image is incomplete: pull it again, or run "make builder" in its repository.',
  });
}

/** What an image for a use gets of the framework in a folder, by its patterns. */
export function patternsFor(use: FrameworkUse): readonly string[] {
  return use === 'runner' ? [...FRAMEWORK.files, ...FRAMEWORK.runner.files] : FRAMEWORK.files;
}

/** Reads the framework out of a folder by patterns; undefined where it has not all of the `needed` modules. */
export async function findFramework(
  folder: string,
  needed: readonly string[],
  patterns: readonly string[],
): Promise<(FrameworkPackage & FrameworkSummary) | undefined> {
  const manifest = await readJsonTable(join(folder, 'package.json'), 'OFN-BUILDPACK');
  const found: string[] = [];
  for (const entry of globSync([...patterns], { cwd: folder, withFileTypes: true })) {
    if (entry.isFile()) found.push(relative(folder, join(entry.parentPath, entry.name)));
  }
  const version = manifest?.['version'];
  const isWhole = needed.every((path) => found.includes(path));
  if (manifest === undefined || typeof version !== 'string' || !isWhole) return undefined;
  const paths = found.toSorted();
  const files = readFiles(folder, manifest, paths);
  return { version, digest: digestOf(files), paths, files: () => files };
}

/** Writes the framework as an installed package below `nodeModules`, a file at a time: what else a build does is not kept waiting. */
export async function installFramework(framework: FrameworkPackage, nodeModules: string): Promise<void> {
  const folder = join(nodeModules, FRAMEWORK.name);
  const files = framework.files();
  for (const parent of new Set([...files.keys()].map((path) => dirname(path)))) {
    mkdirSync(join(folder, parent), { recursive: true });
  }
  for (const [path, bytes] of files) await writeFile(join(folder, path), bytes, { mode: 0o644 });
}

function readFiles(folder: string, manifest: Table, paths: readonly string[]): ReadonlyMap<string, Buffer> {
  const files = new Map([['package.json', Buffer.from(renderManifest(manifest))]]);
  for (const path of paths) files.set(path, readFileSync(join(folder, path)));
  return files;
}

function isSummary(value: unknown): value is FrameworkSummary {
  return isTable(value) && typeof value['digest'] === 'string' && Array.isArray(value['paths']);
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
