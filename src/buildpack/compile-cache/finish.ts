import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { CompiledRequest } from '../check-protocol.ts';
import { inFillFolder, readFilled, type Filled } from './fill.ts';
import {
  countHits,
  keepCompileCache,
  makeCompileCache,
  offerEntries,
  writeAppEntries,
  type CompileCache,
} from './layer.ts';

/** What a boot check left, and how to boot again. */
export interface Rehearsed {
  /** What it was asked to leave. */
  readonly compiled: CompiledRequest;
  readonly boot: (compiled: CompiledRequest) => Promise<unknown>;
  /** Whether all that the function loads was on disk; else the layer that was kept has the rest. */
  readonly complete: boolean;
}

/**
 * Makes or takes over the compiled code of a proven function, and gives the folder that launches look into; undefined
 * when there is none. What is made is tried: the function boots once more, and what Node takes out is counted.
 */
export async function finishCompileCache(
  cache: CompileCache,
  { compiled, boot, complete }: Rehearsed,
  log: Log,
): Promise<string | undefined> {
  const filled = await readFilled(compiled.folder);
  if (filled === undefined || filled.modules.size === 0) return none(log, 'Node.js left no compiled code');
  if (!complete && cache.kept !== undefined) {
    await keepCompileCache(cache, cache.kept);
    log.info(`Compile cache: reused${cache.ofApp ? ", the app's modules are compiled anew" : ''}`);
    return writeAppEntries(cache, filled, cache.kept);
  }
  if (filled.node !== cache.key.node) return none(log, `this build has Node.js ${filled.node}`);
  const folder = await writeAppEntries(cache, filled, await makeCompileCache(cache, filled));
  await tryOut(cache, filled, (trial) => boot({ ...compiled, folder: trial }), log);
  return folder;
}

function none(log: Log, why: string): undefined {
  log.info(`Compile cache: none, ${why}`);
}

async function tryOut(
  cache: CompileCache,
  filled: Filled,
  boot: (folder: string) => Promise<unknown>,
  log: Log,
): Promise<void> {
  await inFillFolder(async (folder) => {
    await offerEntries(cache, filled, folder);
    try {
      await boot(folder);
    } catch (error) {
      if (!(error instanceof FnError)) throw error;
      log.warn(`The compile cache was not tried, because the function boots once and not twice: ${error.code}.`);
      return;
    }
    const trial = await readFilled(folder);
    const { hits, modules } = await countHits(cache, trial ?? { ...filled, folder });
    log.info(`Compile cache: ${hits} of ${modules} modules`);
  });
}
