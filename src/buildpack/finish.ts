import { findOutcome, type Outcome } from './app-files/outcome.ts';
import { tellOutcome } from './app-files/words.ts';
import { formsOf } from './bindings/leaks.ts';
import type { Prepared } from './prepare.ts';
import { tidyApp } from './project/tidy-app.ts';
import { readBills, recordBills } from './sbom/record.ts';
import { auditInstalled } from './supply/audit-project.ts';

/**
 * Leaves the app as it will be in the image, and finds out what the build made in it; undefined where nothing is installed,
 * and so nothing spared by taking that over.
 */
export async function finishApp(prepared: Prepared): Promise<Outcome | undefined> {
  const { context, projectDir, dependencies, earlier, framework, input, log, secrets } = prepared;
  const { appDir } = context;
  await framework.written;
  const credentials = await tidyApp(
    { appDir, projectDir, folders: dependencies?.folders ?? [''] },
    dependencies?.choice.manager.leftOut ?? [],
    log,
  );
  if (input === undefined || earlier !== undefined) return earlier?.outcome;
  const known = [...secrets, ...formsOf(credentials)];
  const outcome = await findOutcome({ appDir, given: input.given, now: await input.readNow(), secrets: known });
  tellOutcome(outcome, log);
  return outcome;
}

/** Records what the image is made of, when all is as the image gets it; OFN-DEPS-VULNERABLE when some is refused. */
export async function recordMade({ audit, bills, context, projectDir, dependencies, node }: Prepared): Promise<void> {
  const made = { context, projectDir, dependencies, node };
  const read = await readBills(made);
  await auditInstalled(audit, read, context.layersDir);
  await recordBills(bills, read, made);
}
