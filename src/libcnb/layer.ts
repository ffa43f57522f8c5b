import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import { holdsToml } from './same-toml.ts';
import { kindOf, makeFolder, removeAll } from './text-file.ts';
import { isTable } from '../base/table.ts';
import { readTomlIfPresent, writeToml, type TomlTable } from './toml-file.ts';

/** Who gets a layer: https://github.com/buildpacks/spec/blob/main/buildpack.md#layer-types */
export interface LayerTypes {
  readonly launch?: boolean;
  readonly build?: boolean;
  readonly cache?: boolean;
}

/**
 * What the lifecycle brought back of a layer:
 * - `restored`: its metadata fits, and its contents are `present` on disk, or `in-image` alone: a launch-only layer is
 *   taken over from the previous image without ever being on disk;
 * - `empty`: there is nothing to reuse, and why.
 */
export type LayerState =
  | { readonly kind: 'restored'; readonly contents: 'present' | 'in-image' }
  | { readonly kind: 'empty'; readonly cause: 'new' | 'changed' | 'contents-missing' };

/** A layer of this buildpack. */
export interface Layer {
  readonly name: string;
  /** Absolute folder of its contents, in the build and in the image. */
  readonly folder: string;
  readonly types: LayerTypes;
  readonly state: LayerState;
}

const RESERVED = new Set(['build', 'launch', 'store', '.', '..']);

/**
 * Opens a layer: compares the metadata that came back with the wanted one, key by key.
 * A layer that does not fit is emptied on disk. Either way `writeLayer` must follow, because the lifecycle never
 * restores types.
 */
export async function openLayer(
  layersDir: string,
  wanted: { readonly name: string; readonly types: LayerTypes; readonly metadata: TomlTable },
): Promise<Layer> {
  const { name, types, metadata } = wanted;
  if (RESERVED.has(name) || !/^[A-Za-z0-9._-]+$/.test(name)) throw invalidName(name);
  const folder = join(layersDir, name);
  const state = await restoredState(layersDir, name, types, metadata);
  if (state.kind === 'empty') await removeAll(folder);
  return { name, folder, types, state };
}

/** Makes the folder of a layer, for its contents. */
export async function createFolder(layer: Layer): Promise<string> {
  await makeFolder(layer.folder);
  return layer.folder;
}

/** Writes `<layer>.toml`: the layer is as `metadata` says, made anew or taken over. */
export async function writeLayer(layersDir: string, layer: Layer, metadata: TomlTable): Promise<void> {
  const { launch = false, build = false, cache = false } = layer.types;
  await writeToml(join(layersDir, `${layer.name}.toml`), { types: { launch, build, cache }, metadata });
}

async function restoredState(
  layersDir: string,
  name: string,
  types: LayerTypes,
  wanted: TomlTable,
): Promise<LayerState> {
  const path = join(layersDir, `${name}.toml`);
  const metadata = (await readTomlIfPresent(path))?.['metadata'];
  if (!isTable(metadata)) return { kind: 'empty', cause: 'new' };
  if (!holdsToml(metadata, wanted, path)) return { kind: 'empty', cause: 'changed' };
  if ((await kindOf(join(layersDir, name))) !== undefined) return { kind: 'restored', contents: 'present' };
  const inImage = types.launch === true && types.build !== true && types.cache !== true;
  return inImage ? { kind: 'restored', contents: 'in-image' } : { kind: 'empty', cause: 'contents-missing' };
}

function invalidName(name: string): FnError {
  const reserved = [...RESERVED].map((taken) => `"${taken}"`).join(', ');
  return new FnError(`Couldn't open the layer "${name}": the name is not allowed.`, {
    code: 'OFN-CNB-LAYER',
    hint: `Layer names are made of letters, digits, ".", "_" and "-", and are none of ${reserved}.`,
  });
}
