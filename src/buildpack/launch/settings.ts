import { FnError } from '../../base/error.ts';
import { parseSwitch } from '../config/parse.ts';
import type { BuildSetting } from '../config/setting.ts';

/** The settings of how the function starts and runs. */
export const LAUNCH_SETTINGS: {
  readonly compileCache: BuildSetting<boolean>;
  readonly heap: BuildSetting<number>;
} = {
  compileCache: {
    subject: 'compile cache',
    variables: ['BP_COMPILE_CACHE'],
    key: 'compile-cache',
    help: '`off` leaves compiled code out of the image: it starts slower and is smaller',
    fallback: true,
    parse: parseSwitch,
  },
  heap: {
    subject: 'heap',
    variables: ['BP_HEAP_PERCENTAGE'],
    key: 'heap-percentage',
    help: "the heap's share of the container's memory in per cent; `0` leaves it to Node.js",
    fallback: 75,
    parse: parseShare,
  },
};

function parseShare(raw: string, source: string): number {
  const share = Number(raw.replace(/ *%$/, ''));
  if (/^\d/.test(raw) && Number.isInteger(share) && share <= 100) return share;
  throw new FnError(`Couldn't use ${source}: "${raw}" is no share of the memory.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to a whole number from 1 to 100, or to 0 for the heap that Node.js chooses.`,
  });
}
