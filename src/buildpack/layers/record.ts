import { join } from 'node:path';
import { bytesOf, changesOf, inputsOf, MADE, type LayerInputs } from '../../base/layer-inputs.ts';
import type { Log } from '../../base/log.ts';
import { addMetadata, readLayerRecords, type LayerRecord } from '../../libcnb/layer-metadata.ts';
import { kindOf } from '../../libcnb/text-file.ts';
import { layerInputs } from './inputs.ts';
import { bytesIn } from './size.ts';

/** What the layers were made of, when a build starts and when it is done. */
export interface LayerHistory {
  readonly layersDir: string;
  /** The layers of the previous image, as the lifecycle restored them. */
  readonly before: ReadonlyMap<string, LayerRecord>;
  /** What decided the installed packages; none where nothing is installed. */
  readonly modules: LayerInputs;
}

/** A layer of the image. */
export interface RecordedLayer {
  readonly name: string;
  /** Of its files; undefined for a layer of the previous image that does not tell. */
  readonly bytes: number | undefined;
}

/**
 * Writes down what each layer of the image was made of and how large it is, and tells of each that the previous image
 * has otherwise.
 */
export async function recordLayers(
  { layersDir, before, modules }: LayerHistory,
  log: Log,
): Promise<readonly RecordedLayer[]> {
  const after = await readLayerRecords(layersDir);
  const layers: RecordedLayer[] = [];
  for (const [name, { metadata, launch }] of after) {
    const was = inputsOf(before.get(name)?.metadata);
    const folder = join(layersDir, name);
    const inputs = launch ? await layerInputs(name, { metadata, modules, was, folder }) : undefined;
    if (inputs !== undefined) {
      const bytes = await sizeOf(folder, before.get(name));
      await addMetadata(layersDir, name, { [MADE]: { bytes, of: inputs } });
      layers.push({ name, bytes });
    }
    if (was !== undefined) tell(log, name, was, launch ? inputs : undefined);
  }
  return layers;
}

/** A layer that is taken over is not on disk, and as large as it was. */
async function sizeOf(folder: string, before: LayerRecord | undefined): Promise<number | undefined> {
  if ((await kindOf(folder)) !== undefined) return bytesIn(folder);
  return bytesOf(before?.metadata);
}

function tell(log: Log, name: string, was: LayerInputs, is: LayerInputs | undefined): void {
  if (is === undefined) log.info(`Layer "${name}": not in this image, the previous one has it`);
  const changes = is === undefined ? [] : changesOf(was, is);
  if (changes.length > 0) log.info(`Layer "${name}": made anew, for this has changed: ${changes.join(', ')}`);
}
