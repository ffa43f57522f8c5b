import type { Log } from '../../base/log.ts';
import type { Decision } from '../decision.ts';
import { describeBytes } from '../layers/size.ts';
import type { NotRecorded, Outcome } from './outcome.ts';

const SUBJECT = 'reuse of what the build makes';
/** What to do about it, for each reason that it is not recorded. */
const ACTS: Readonly<Record<NotRecorded['kind'], string>> = {
  'too-large': 'bundle and minify it, and leave source maps and declarations out',
  secret: 'let the function read the secret when it runs',
};

/** Tells what was made, and whether the next build of the same input can take it over. */
export function tellOutcome(outcome: Outcome, log: Log): void {
  if (outcome.kind === 'nothing') return;
  if (outcome.kind === 'recorded') {
    log.info(`Made in the app: ${sizeOf(outcome)}, recorded in the image; a build of the same source takes it over`);
    return;
  }
  const line = `Made in the app: not recorded, ${whyNot(outcome)}. Every build makes it again; to change that, ${ACTS[outcome.kind]}`;
  if (outcome.kind === 'secret') log.warn(`${line}.`);
  else log.info(line);
}

/** Whether a later build can take over what was made, for `ofn explain`; undefined where nothing is installed. */
export function outcomeDecision(outcome: Outcome | undefined): Decision {
  const common = { subject: SUBJECT, value: 'none', change: 'compilers, scripts' };
  if (outcome === undefined) return { ...common, source: 'nothing to install' };
  if (outcome.kind === 'nothing') return { ...common, source: 'the app is as it was given' };
  if (outcome.kind === 'recorded') {
    const change = 'any file, any variable, the builder';
    return { ...common, value: 'while nothing at all changes', source: `${sizeOf(outcome)} in the image`, change };
  }
  return { ...common, value: 'made in every build', source: whyNot(outcome), change: ACTS[outcome.kind] };
}

function sizeOf({ made: { added, removed }, text }: Extract<Outcome, { readonly kind: 'recorded' }>): string {
  const files = added.filter(({ kind }) => kind !== 'folder').length;
  const gone = removed.length === 0 ? '' : `, ${removed.length} removed`;
  return `${files === 1 ? 'a file' : `${files} files`}${gone}, ${describeBytes(text.length)}`;
}

function whyNot(outcome: NotRecorded): string {
  if (outcome.kind === 'secret') return `${outcome.path} has a secret of the build, and so has the image`;
  const { bytes, most, isCompressed } = outcome;
  return `${describeBytes(bytes)}${isCompressed ? ' compressed' : ''} are more than ${describeBytes(most)}`;
}
