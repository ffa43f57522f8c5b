import type { Dependencies } from '../dependencies/dependencies.ts';
import type { MadeBills } from '../sbom/record.ts';
import type { Audit } from './audit.ts';
import { readLocked } from './read-locked.ts';
import { restoredBill } from './restored-bill.ts';

/** What is going to be installed. */
export interface AuditedProject {
  /** Folder of package.json and the lock file. */
  readonly projectDir: string;
  readonly dependencies: Dependencies;
  /** devDependencies run in the build, though the image may have none of them. */
  readonly development: boolean;
}

/** Looks at what the lock file has before any of it is installed: what is refused must not run its install scripts. */
export async function auditLocked(
  audit: Audit,
  { projectDir, dependencies, development }: AuditedProject,
): Promise<void> {
  if (!audit.mayConcern(dependencies.choice.lock?.text ?? '')) return;
  const bill = await readLocked(projectDir, dependencies, development || !dependencies.production);
  if (bill !== undefined) await audit.check(bill);
}

/** Looks at what the image has, of which there may be more than the lock file says, or none. */
export async function auditInstalled(audit: Audit, { modules, launch }: MadeBills, layersDir: string): Promise<void> {
  const bill = modules ?? (await restoredBill(layersDir));
  if (bill !== undefined) await audit.check(bill);
  await audit.check(launch);
}
