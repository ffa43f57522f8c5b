import type { PhaseTime } from './phase-log.ts';

/** What a build gave. */
export interface BuildOutcome {
  readonly image: string;
  /** An engine knows an image by its ID, the digest of its configuration; all else by its manifest's digest. */
  readonly id: { readonly label: 'digest' | 'image id'; readonly value: string };
  /** Bytes of all layers, as `unit` counts them; undefined when nobody tells. */
  readonly size: number | undefined;
  /** Bytes of the layers above the run image. */
  readonly ownSize: number | undefined;
  /** An engine tells what layers take unpacked, a layout and a registry what they take compressed. */
  readonly unit: 'compressed' | 'unpacked';
  /** Where the image is. */
  readonly place: string;
  readonly phases: readonly PhaseTime[];
}

/** The lines at the end of a build. */
export function describeOutcome(outcome: BuildOutcome): string {
  const total = outcome.phases.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = [...outcome.phases, { name: 'total', milliseconds: total }];
  const times = rows.map(
    ({ name, milliseconds }) => `  ${name.padEnd(12)}${(milliseconds / 1000).toFixed(2).padStart(8)} s`,
  );
  return [
    '',
    ...times,
    '',
    row('image', outcome.image),
    row('in', outcome.place),
    row(outcome.id.label, outcome.id.value),
    ...describeSize(outcome),
    '',
  ].join('\n');
}

function describeSize({ size, ownSize, unit }: BuildOutcome): string[] {
  if (size === undefined) return [];
  const own = ownSize === undefined ? '' : `, of it the function's own layers ${megabytes(ownSize)}`;
  return [row('size', `${megabytes(size)} ${unit}${own}`)];
}

function row(label: string, value: string): string {
  return `${label.padEnd(10)}${value}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1)} MB`;
}
