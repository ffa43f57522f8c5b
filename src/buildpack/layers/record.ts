import { join } from 'node:path';
import { changesOf, inputsOf, MADE, type LayerInputs } from '../../base/layer-inputs.ts';
import type { Log } from '../../base/log.ts';
import { addMetadata, readLayerRecords, type LayerRecord } from '../../libcnb/layer-metadata.ts';
import { layerInputs } from './inputs.ts';

/** What the layers were made of, when a build starts and when it is done. */
export interface LayerHistory {
  readonly layersDir: string;
  /** The layers of the previous image, as the lifecycle restored them. */
  readonly before: ReadonlyMap<string, LayerRecord>;
  /** What decided the installed packages; none where nothing is installed. */
  readonly modules: LayerInputs;
}

/** Writes down what each layer of the image was made of, and tells of each that the previous image has otherwise. */
export async function recordLayers({ layersDir, before, modules }: LayerHistory, log: Log): Promise<void> {
  const after = await readLayerRecords(layersDir);
  for (const [name, { metadata, launch }] of after) {
    const was = inputsOf(before.get(name)?.metadata);
    const inputs = launch
      ? await layerInputs(name, { metadata, modules, was, folder: join(layersDir, name) })
      : undefined;
    if (inputs !== undefined) await addMetadata(layersDir, name, { [MADE]: { of: inputs } });
    if (was !== undefined) tell(log, name, was, launch ? inputs : undefined);
  }
}

function tell(log: Log, name: string, was: LayerInputs, is: LayerInputs | undefined): void {
  if (is === undefined) log.info(`Layer "${name}": not in this image, the previous one has it`);
  const changes = is === undefined ? [] : changesOf(was, is);
  if (changes.length > 0) log.info(`Layer "${name}": made anew, for this has changed: ${changes.join(', ')}`);
}
