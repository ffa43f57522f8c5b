import { FnError } from '../base/error.ts';
import { parseJson } from '../base/json.ts';
import { isTable } from '../base/table.ts';

/** The plan of a build: docs/build.md, "What was decided". */
export interface Plan {
  readonly version: number;
  readonly decisions: readonly PlannedDecision[];
}

/** A decision of a plan. */
export interface PlannedDecision {
  readonly subject: string;
  readonly value: string;
  readonly source: string;
  readonly change: string;
  /** Of a folder: only a build knows the value, which the source decides. */
  readonly open?: boolean;
}

/** Reads a plan; OFN-CLI-PLAN where `what` has none, or one that this version can't read. */
export function readPlan(text: string | undefined, what: string): Plan {
  if (text === undefined) throw invalid(what, 'it has none');
  const plan = parseJson(text);
  if (!isTable(plan) || plan['version'] !== 1 || !Array.isArray(plan['decisions'])) {
    throw invalid(what, 'it is not one of this version');
  }
  return { version: 1, decisions: plan['decisions'].filter(isDecision) };
}

/** A line for each decision, and one for what would change it. */
export function renderPlan({ decisions }: Plan): string {
  const width = Math.max(0, ...decisions.map(({ subject }) => subject.length)) + 2;
  return decisions
    .map(({ subject, value, source, change }) => {
      const said = `${subject.padEnd(width)}${value}  (${source})\n`;
      return change === '' ? said : `${said}${' '.repeat(width)}changed by: ${change}\n`;
    })
    .join('');
}

function isDecision(value: unknown): value is PlannedDecision {
  return isTable(value) && ['subject', 'value', 'source', 'change'].every((key) => typeof value[key] === 'string');
}

function invalid(what: string, fault: string): FnError {
  return new FnError(`Couldn't read the plan of ${what}: ${fault}.`, {
    code: 'OFN-CLI-PLAN',
    hint: 'Build the image with this version of the builder, or give the folder of the function.',
  });
}
