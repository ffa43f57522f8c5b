import { writeSync } from 'node:fs';
import { isTable } from '../../base/table.ts';

/** The file descriptor on which the process of the boot check tells what it sees while the function loads. */
const OBSERVATION_FD = 4;

/** One thing seen: a demand on the installed packages, or what stand-ins can't answer for. */
export type Observation = { readonly demand: string } | { readonly undecided: string } | { readonly unknown: string };

/** All that was seen. */
export interface Observations {
  /** Demands of the app's own modules, sorted, each once. */
  readonly demands: readonly string[];
  /** The first thing stand-ins could not answer for, when there was one. */
  readonly undecided: string | undefined;
  /** The first name of which no demand says whether the package has it, as a demand, when there was one. */
  readonly unknown: string | undefined;
}

/** Tells one observation, at once: the process may end any time. */
export function tellObservation(observation: Observation): void {
  writeSync(OBSERVATION_FD, `${JSON.stringify(observation)}\n`);
}

/** Reads what a boot check told. */
export function readObservations(stdio: readonly unknown[]): Observations {
  const text = stdio[OBSERVATION_FD];
  const lines = typeof text === 'string' ? text.split('\n').filter((line) => line !== '') : [];
  const seen = lines.map((line): unknown => JSON.parse(line)).filter(isTable);
  const texts = (key: string): string[] => seen.map((entry) => entry[key]).filter((value) => typeof value === 'string');
  const demands = [...new Set(texts('demand'))].toSorted();
  return { demands, undecided: texts('undecided')[0], unknown: texts('unknown')[0] };
}
