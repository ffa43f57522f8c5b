import type { PhaseTime } from './phase-log.ts';

/** What a build gave. */
export interface BuildOutcome {
  readonly image: string;
  /** The manifest's digest, or the image ID in an engine. */
  readonly digest: string;
  /** Bytes of all layers, as `unit` counts them. */
  readonly size: number;
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
  const own = outcome.ownSize === undefined ? '' : `, of it the function's own layers ${megabytes(outcome.ownSize)}`;
  return [
    '',
    ...times,
    '',
    `image   ${outcome.image}`,
    `in      ${outcome.place}`,
    `digest  ${outcome.digest}`,
    `size    ${megabytes(outcome.size)} ${outcome.unit}${own}`,
    '',
  ].join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1)} MB`;
}
