import type { LogSink } from '../base/log.ts';

/** A phase of the lifecycle and how long it took. */
export interface PhaseTime {
  readonly name: string;
  readonly milliseconds: number;
}

/** Follows the output of a build. */
export interface PhaseLog {
  /** Takes the next line. */
  line(text: string): void;
  /** The phases so far, the last one ending now. */
  times(): readonly PhaseTime[];
  /** The phase under way. */
  current(): string | undefined;
}

const HEADER = /^(?:\[\w+\] )?===> ([A-Z]+)/;
/** Words of the tools themselves that tell a user of functions nothing. */
const NOISE =
  /^(?:Warning: (?:Did not find SBOM|Detected pack is running in a container|Platform requested exp)|Timer: )/;

/** Shows phases as headings and everything else indented below them, and takes the time of each. */
export function createPhaseLog(out: LogSink, now: () => number, verbose: boolean): PhaseLog {
  const begun: { name: string; at: number }[] = [];
  return {
    line(text): void {
      const name = HEADER.exec(text)?.[1]?.toLowerCase();
      if (name !== undefined) begun.push({ name, at: now() });
      if (name !== undefined) out.write(`${name}\n`);
      else if (verbose || isTelling(text, begun.at(-1)?.name)) out.write(`  ${text}\n`);
    },
    times: () => begun.map(({ name, at }, index) => ({ name, milliseconds: (begun[index + 1]?.at ?? now()) - at })),
    current: () => begun.at(-1)?.name,
  };
}

/** Of the lifecycle's own phases only layers and failures are shown; the buildpack's output is shown whole. */
function isTelling(text: string, phase: string | undefined): boolean {
  if (text === '' || NOISE.test(text)) return false;
  return phase !== 'exporting' || /layer|ERROR|failed/i.test(text);
}
