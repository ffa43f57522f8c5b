import { isTable } from './table.ts';

/**
 * What decided the contents of a layer: names for people, each with a value, or with `sha256:` and the beginning of a
 * digest where the value is long or not for everybody.
 */
export type LayerInputs = Readonly<Record<string, string>>;

/** The key in a layer's metadata that holds what this project's buildpack tells of how the layer was made. */
export const MADE = 'made';

/** What a layer was made of, out of its metadata; undefined where it does not tell. */
export function inputsOf(metadata: unknown): LayerInputs | undefined {
  const made = isTable(metadata) ? metadata[MADE] : undefined;
  const inputs = isTable(made) ? made['of'] : undefined;
  if (!isTable(inputs)) return undefined;
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]));
}

/** The bytes of a layer's files, out of its metadata; undefined where it does not tell. */
export function bytesOf(metadata: unknown): number | undefined {
  const made = isTable(metadata) ? metadata[MADE] : undefined;
  const bytes = isTable(made) ? Number(made['bytes']) : Number.NaN;
  return Number.isFinite(bytes) ? bytes : undefined;
}

/** What is another one, sorted by name, as in `version 22.18.0 -> 24.21.0` or, of digests, `package-lock.json`. */
export function changesOf(before: LayerInputs, after: LayerInputs): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => {
      const [was, is] = [before[name], after[name]];
      if ((was ?? is)?.startsWith(DIGEST) === true) return name + describeEnds(was, is);
      return `${name} ${was ?? 'none'} -> ${is ?? 'none'}`;
    });
}

/** The beginning of a digest's text. */
export const DIGEST = 'sha256:';

function describeEnds(was: string | undefined, is: string | undefined): string {
  if (was === undefined) return ' (new)';
  return is === undefined ? ' (gone)' : '';
}
