import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { CompiledRequest } from '../proof/check-protocol.ts';
import { inFillFolder, readFilled } from './fill.ts';
import {
  countHits,
  keepCompileCache,
  makeCompileCache,
  offerEntries,
  writeLaunchEntries,
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

/** The compiled code of a proven function. */
export interface CompiledCode {
  /** Absolute folder that launches look into. */
  readonly folder: string;
  /**
   * Boots the function once more, counts what Node takes out, and gives what tells of it. It needs nothing but the app
   * and the layers, so that the rest of the image can be made meanwhile; what was taken over is not tried again.
   */
  readonly tryOut: () => Promise<(log: Log) => void>;
}

/** Makes or takes over the compiled code of a proven function; undefined when there is none. */
export async function finishCompileCache(
  cache: CompileCache,
  { compiled, boot, complete }: Rehearsed,
  log: Log,
): Promise<CompiledCode | undefined> {
  const filled = await readFilled(compiled.folder);
  if (filled === undefined || filled.modules.size === 0) return none(log, 'Node.js left no compiled code');
  if (!complete && cache.kept !== undefined) {
    await keepCompileCache(cache, cache.kept);
    log.info(`Compile cache: reused${cache.ofApp ? ", the app's modules are compiled anew" : ''}`);
    return { folder: await writeLaunchEntries(cache, filled, cache.kept), tryOut: async () => () => {} };
  }
  if (filled.node !== cache.key.node) return none(log, `this build has Node.js ${filled.node}`);
  const folder = await writeLaunchEntries(cache, filled, await makeCompileCache(cache, filled));
  return { folder, tryOut: async () => tryOut(cache, folder, (trial) => boot({ ...compiled, folder: trial })) };
}

function none(log: Log, why: string): undefined {
  log.info(`Compile cache: none, ${why}`);
}

async function tryOut(
  cache: CompileCache,
  entries: string,
  boot: (folder: string) => Promise<unknown>,
): Promise<(log: Log) => void> {
  return inFillFolder(async (folder) => {
    await offerEntries(entries, folder);
    try {
      await boot(folder);
    } catch (error) {
      if (!(error instanceof FnError)) throw error;
      const why = `because the function boots once and not twice: ${error.code}`;
      return (log) => log.warn(`The compile cache was not tried, ${why}.`);
    }
    const { hits, modules } = await countHits(cache, folder);
    return (log) => log.info(`Compile cache: ${hits} of ${modules} modules`);
  });
}
