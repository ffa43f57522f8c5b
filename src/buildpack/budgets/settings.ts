import { FnError } from '../../base/error.ts';
import type { BuildSetting } from '../config/setting.ts';

/** The settings of what an image may cost; a build that goes above one fails. */
export const BUDGET_SETTINGS: {
  readonly size: BuildSetting<number | undefined>;
  readonly start: BuildSetting<number | undefined>;
} = {
  size: {
    subject: 'size budget',
    variables: ['BP_SIZE_BUDGET'],
    key: 'size-budget',
    help: 'the most that the image may have above the run image, unpacked, such as `60MB`: [budgets](#budgets)',
    fallback: undefined,
    parse: parseBytes,
  },
  start: {
    subject: 'start budget',
    variables: ['BP_START_BUDGET'],
    key: 'start-budget',
    help: 'the most processor time that a start may take, in milliseconds: [budgets](#budgets)',
    fallback: undefined,
    parse: parseMilliseconds,
  },
};

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
};

function parseBytes(raw: string, source: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmg]?i?b|)$/i.exec(raw) ?? [];
  const factor = UNITS[unit.toUpperCase()];
  if (amount !== undefined && factor !== undefined && Number(amount) > 0) return Math.round(Number(amount) * factor);
  throw invalid(raw, source, 'size', 'a number with a unit, such as 60MB, 1.5GB or 50MiB');
}

function parseMilliseconds(raw: string, source: string): number {
  const amount = /^(\d+) ?(?:ms)?$/.exec(raw)?.[1];
  if (Number(amount) > 0) return Number(amount);
  throw invalid(raw, source, 'time', 'a whole number of milliseconds, such as 150');
}

function invalid(raw: string, source: string, what: string, example: string): FnError {
  return new FnError(`Couldn't use ${source}: "${raw}" is no ${what}.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to ${example}.`,
  });
}
