import { symlinkSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isTable } from '../../base/table.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import { createFolder, openLayer, writeLayer, type Layer } from '../../libcnb/layer.ts';
import { makeFolder, removeAll } from '../../libcnb/text-file.ts';
import { readTomlIfPresent } from '../../libcnb/toml-file.ts';
import { copyEntries, entriesBelow, readFilled, type Filled } from './fill.ts';

/** What decides the compiled code of everything but the app. */
export interface CompileCacheKey {
  /** The version and the architecture of the Node.js that will run it, such as `24.21.0 x64`. */
  readonly node: string;
  /** SHA-256 of the framework's files. */
  readonly framework: string;
  /** The key of the dependencies; empty where there are none. */
  readonly modules: string;
}

/** The folders of a build. */
type Folders = Pick<BuildContext, 'appDir' | 'layersDir'>;

/** The layer of compiled code of the framework and of dependencies. */
export interface CompileCache {
  readonly context: Folders;
  readonly key: CompileCacheKey;
  /** Whether the app's own modules are compiled: every build has to be able to, also one without the function's Node.js. */
  readonly ofApp: boolean;
  /** Its entries, when the previous image has them and nothing that decides them has changed. */
  readonly kept: readonly string[] | undefined;
  /** Absolute folder that launches look into, in a layer that is made anew with the app's files. */
  readonly launchFolder: string;
}

/** What a compile cache is opened with. */
export interface CompileCacheRequest {
  readonly context: Folders;
  readonly key: CompileCacheKey;
  readonly ofApp: boolean;
  readonly launchFolder: string;
}

/** Modules and how many of them Node takes out of the cache. */
export interface Hits {
  readonly hits: number;
  readonly modules: number;
}

const NAME = 'compile-cache';

/** Looks for compiled code to take over. */
export async function openCompileCache(request: CompileCacheRequest): Promise<CompileCache> {
  const { context, key } = request;
  const layer = await openIn(context, key);
  return { ...request, kept: layer.state.kind === 'restored' ? await keptEntries(context) : undefined };
}

/** Makes the layer out of what a boot check left, in which everything was on disk. */
export async function makeCompileCache({ context, key }: CompileCache, filled: Filled): Promise<readonly string[]> {
  const entries = entriesBelow(filled, context.layersDir);
  const layer = await openIn(context, key);
  await removeAll(layer.folder);
  await createFolder(layer);
  await copyEntries(filled, entries, entriesIn(layer));
  await writeLayer(context.layersDir, layer, metadataOf(key, entries));
  return entries;
}

/** Takes the layer over. */
export async function keepCompileCache({ context, key }: CompileCache, kept: readonly string[]): Promise<void> {
  await writeLayer(context.layersDir, await openIn(context, key), metadataOf(key, kept));
}

/**
 * Writes the folder that launches look into, and gives its path: compiled code of the app itself, and links to that of
 * the layer. `entries` are those of the layer.
 */
export async function writeLaunchEntries(
  cache: CompileCache,
  filled: Filled,
  entries: readonly string[],
): Promise<string> {
  const { context, launchFolder } = cache;
  await removeAll(launchFolder);
  await makeFolder(launchFolder);
  linkEntries(join(context.layersDir, NAME, 'entries'), entries, launchFolder);
  await copyEntries(filled, cache.ofApp ? entriesBelow(filled, context.appDir) : [], launchFolder);
  return launchFolder;
}

/** Puts the entries of the folder that launches look into in that of another boot check, which adds what it compiles. */
export async function offerEntries(entries: string, trial: string): Promise<void> {
  linkEntries(entries, await readdir(entries), trial);
}

/**
 * Counts the modules of the image that such a boot check loaded, and those that it took out: where Node compiles a module
 * after all, its file takes the place of the link.
 */
export async function countHits({ context }: CompileCache, trial: string): Promise<Hits> {
  const filled = await readFilled(trial);
  if (filled === undefined) return { hits: 0, modules: 0 };
  const loaded = [context.appDir, context.layersDir].flatMap((folder) => entriesBelow(filled, folder));
  let hits = 0;
  for (const entry of loaded) if ((await lstat(join(trial, entry))).isSymbolicLink()) hits += 1;
  return { hits, modules: loaded.length };
}

function linkEntries(from: string, entries: readonly string[], folder: string): void {
  for (const entry of entries) symlinkSync(join(from, entry), join(folder, entry));
}

async function openIn(context: Folders, key: CompileCacheKey): Promise<Layer> {
  return openLayer(context.layersDir, { name: NAME, types: { launch: true }, metadata: { ...key } });
}

function entriesIn(layer: Layer): string {
  return join(layer.folder, 'entries');
}

/** The names stand in one text, because metadata is a label of the image: eight letters each. */
function metadataOf(key: CompileCacheKey, entries: readonly string[]): Record<string, string> {
  return { ...key, entries: entries.join('') };
}

async function keptEntries({ layersDir }: Folders): Promise<readonly string[]> {
  const metadata = (await readTomlIfPresent(join(layersDir, `${NAME}.toml`)))?.['metadata'];
  const text = isTable(metadata) ? metadata['entries'] : undefined;
  return typeof text === 'string' ? (text.match(/.{8}/g) ?? []) : [];
}
