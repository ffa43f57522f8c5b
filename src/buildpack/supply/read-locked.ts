import { join } from 'node:path';
import { nodeArchitecture } from '../../base/architecture.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import type { Bill } from '../sbom/bill.ts';
import { readManifests } from '../sbom/installed.ts';
import { lockedBill } from '../sbom/locked-bills.ts';
import { lockFor } from '../sbom/locks/platforms.ts';
import { readLock } from '../sbom/locks/read-lock.ts';

/** Settings by which managers install for other systems too, or for another one alone. */
const OTHER_PLATFORMS = /\bsupportedArchitectures\b|^\s*(?:os|cpu|libc)\s*=/m;

/**
 * What a project's lock file has for its dependencies, and for devDependencies where these are installed too; without what
 * is for other systems. Undefined where there is none that can be read.
 */
export async function readLocked(
  projectDir: string,
  { choice, architectures }: Dependencies,
  withDevelopment: boolean,
): Promise<Bill | undefined> {
  const lock = await readLock(choice);
  if (lock === undefined) return undefined;
  // Yarn 1 does not say which folders are workspaces: it knows what others depend on by no name and range.
  const app = { manifests: await readManifests(projectDir), members: { has: () => true } };
  const files = ['package.json', ...choice.manager.settingsFiles];
  const settings = await Promise.all(files.map((name) => readTextIfPresent(join(projectDir, name), 'OFN-CONFIG')));
  const takesOthers = settings.some((text) => OTHER_PLATFORMS.test(text ?? ''));
  // Build scripts run on the machine that builds.
  const cpus = [architectures.builder, architectures.target].map(nodeArchitecture);
  return lockedBill(app, takesOthers ? lock : lockFor(lock, cpus), withDevelopment ? ['devDependencies'] : []);
}
