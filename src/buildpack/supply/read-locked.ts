import type { ManagerChoice } from '../managers/choose.ts';
import type { Bill } from '../sbom/bill.ts';
import { readManifests } from '../sbom/installed.ts';
import { lockedBill } from '../sbom/locked-bills.ts';
import { readLock } from '../sbom/locks/read-lock.ts';

/**
 * What a project's lock file has for its dependencies, and for devDependencies where these are installed too. Undefined
 * where there is none that can be read.
 */
export async function readLocked(
  projectDir: string,
  choice: ManagerChoice,
  withDevelopment: boolean,
): Promise<Bill | undefined> {
  const lock = await readLock(choice);
  if (lock === undefined) return undefined;
  // Yarn 1 does not say which folders are workspaces: it knows what others depend on by no name and range.
  const app = { manifests: await readManifests(projectDir), members: { has: () => true } };
  return lockedBill(app, lock, withDevelopment ? ['devDependencies'] : []);
}
