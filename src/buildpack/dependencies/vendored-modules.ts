import { glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { isForeign, refuseForeignCode, type Architectures } from './foreign-code.ts';
import { LEFTOVERS } from '../managers/choose.ts';
import { explainFailure } from '../managers/failure.ts';
import { NPM } from '../managers/npm.ts';
import type { NodeRuntime } from '../node/runtime.ts';
import { BUILDERS_NPM } from '../managers/program.ts';
import { QUIET_FLAGS } from '../managers/registry.ts';
import { isTaken, removeBuildLeftovers } from './node-modules.ts';

/**
 * Takes the node_modules that an app brings along. Native modules among them are compiled anew, because they may be
 * for another version of Node.js or another system.
 */
export async function useVendored(app: {
  readonly appDir: string;
  /** The variable that says so. */
  readonly source: string;
  readonly node: NodeRuntime;
  readonly architectures: Architectures;
  readonly log: Log;
}): Promise<void> {
  const { appDir, source, node, architectures, log } = app;
  const folder = join(appDir, 'node_modules');
  if (!(await isTaken(folder))) {
    throw new FnError(`Couldn't use node_modules of the app, as ${source} wants it: there is none.`, {
      code: 'OFN-CONFIG',
      hint: `Commit node_modules, also where .gitignore and .dockerignore leave it out, or remove ${source}.`,
    });
  }
  log.info(`Dependencies: node_modules of the app (${source})`);
  for (const name of LEFTOVERS) await rm(join(folder, name), { recursive: true, force: true });
  if (isForeign(architectures)) return refuseForeignCode([folder], architectures);
  if (!(await hasNativeModules(folder))) return;
  log.info('npm rebuild');
  const args = ['rebuild', ...QUIET_FLAGS];
  const result = await execa('npm', args, {
    cwd: appDir,
    env: { ...(await node.environment()), ...BUILDERS_NPM.env },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  if (result.failed) {
    const act = 'compile native modules';
    throw explainFailure(result.all, { program: 'npm', act, rows: NPM.failures, scripts: {}, cause: result.cause });
  }
  await removeBuildLeftovers(appDir, ['']);
}

async function hasNativeModules(folder: string): Promise<boolean> {
  for await (const _ of glob('**/binding.gyp', { cwd: folder })) return true;
  return false;
}
