import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Resolved } from '../../base/setting.ts';
import type { CompiledRequest } from '../proof/check-protocol.ts';
import { inFillFolder } from '../compile-cache/fill.ts';
import { offerEntries } from '../compile-cache/layer.ts';

/** Boots that a start is measured by: the least of them is the one that the machine disturbed least. */
const BOOTS = 3;

/** A function that can be booted as often as one likes. */
export interface Bootable {
  /** Boots it and gives the processor time that it took, in milliseconds. */
  readonly boot: (compiled: CompiledRequest | undefined) => Promise<{ readonly cpuMilliseconds: number }>;
  /** Absolute folder of the compiled code that launches find; undefined when there is none. */
  readonly entries: string | undefined;
}

/** Fails a build whose function takes longer to start than its budget: OFN-BUDGET. */
export async function keepStartBudget(
  { value: budget, source }: Resolved<number | undefined>,
  bootable: Bootable,
  log: Log,
): Promise<void> {
  if (budget === undefined) return;
  const times: number[] = [];
  for (let boots = 0; boots < BOOTS; boots += 1) times.push(await measure(bootable));
  const least = Math.ceil(Math.min(...times));
  const compiled = bootable.entries === undefined ? 'without compiled code' : 'with compiled code';
  log.info(`Start: ${least} ms of processor time ${compiled}, of ${budget} ms (from ${source})`);
  if (least <= budget) return;
  throw new FnError(
    `Couldn't keep the start budget: the function takes ${least} ms of processor time ${compiled} until it answers, and ${source} allows ${budget} ms.`,
    {
      code: 'OFN-BUDGET',
      hint: `Load less at the top of its modules ("node --cpu-prof" shows what takes long), or set ${source} to more.`,
    },
  );
}

/** Sees to it that a function is booted where a start has a budget; `why` says why none is, OFN-CONFIG. */
export function requireBoot({ value, source }: Resolved<number | undefined>, why: string | undefined): void {
  if (value === undefined || why === undefined) return;
  throw new FnError(`Couldn't use ${source}: ${why}, so that there is no start to measure.`, {
    code: 'OFN-CONFIG',
    hint: `Leave out ${source}, or let the build boot a function.`,
  });
}

async function measure({ boot, entries }: Bootable): Promise<number> {
  if (entries === undefined) return (await boot(undefined)).cpuMilliseconds;
  return inFillFolder(async (folder) => {
    await offerEntries(entries, folder);
    return (await boot({ folder, preloaded: [] })).cpuMilliseconds;
  });
}
