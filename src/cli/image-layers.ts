import { inputsOf, type LayerInputs } from '../base/layer-inputs.ts';
import { isTable, type Table } from '../base/table.ts';

/** The label in which the lifecycle says what an image is made of: https://github.com/buildpacks/spec/blob/main/platform.md#iobuildpackslifecyclemetadata-json */
export const LAYERS_LABEL = 'io.buildpacks.lifecycle.metadata';

/** A layer of an image, or several that are always told together, such as those of the app. */
export interface ImageLayer {
  /** Such as `modules`, `app` or `run image`. */
  readonly name: string;
  /** What tells it from others: a digest, or several. */
  readonly digest: string;
  /** What it was made of; undefined where the image does not tell. */
  readonly inputs: LayerInputs | undefined;
}

/** The layers of an image, out of its label; none where there is no label. */
export function layersIn(label: string | undefined): readonly ImageLayer[] {
  const metadata: unknown = JSON.parse(label ?? '{}');
  if (!isTable(metadata)) return [];
  const whole = [
    layer('run image', tableAt(metadata, 'runImage')['topLayer']),
    layer('launcher', tableAt(metadata, 'launcher')['sha']),
    layer('process types', tableAt(metadata, 'process-types')['sha']),
    layer('bills of materials', tableAt(metadata, 'sbom')['sha']),
  ];
  const own = tablesAt(metadata, 'buildpacks').flatMap((buildpack) => {
    const layers = Object.entries(tableAt(buildpack, 'layers'));
    return layers.map(([name, data]) => (isTable(data) ? layer(name, data['sha'], inputsOf(data['data'])) : []));
  });
  const app = tablesAt(metadata, 'app').map(({ sha }) => String(sha));
  return [...whole, ...own, layer('app', app.length === 0 ? undefined : app.join(' '))].flat();
}

function layer(name: string, digest: unknown, inputs?: LayerInputs): readonly ImageLayer[] {
  return typeof digest === 'string' ? [{ name, digest, inputs }] : [];
}

function tableAt(table: Table, key: string): Table {
  const value = table[key];
  return isTable(value) ? value : {};
}

function tablesAt(table: Table, key: string): readonly Table[] {
  const value = table[key];
  return Array.isArray(value) ? value.filter(isTable) : [];
}
