import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withScratch } from '../../../base/scratch.ts';
import { writeText } from '../../../libcnb/text-file.ts';
import { FRAMEWORK } from '../framework-names.ts';
import { findFramework, patternsFor, type FrameworkPackage, type FrameworkUse } from '../framework-package.ts';
import { readJsonTable, readTextIfPresent } from '../../project/json-file.ts';
import { askNpm, type NpmSite } from '../../managers/registry.ts';
import type { Bill } from '../../sbom/bill.ts';
import { fetchedFrameworkBill } from '../../sbom/framework-bill.ts';

/** What its dependencies are installed below: the function must not find them beside its own. */
const FLAGS = [
  '--install-strategy=nested',
  '--omit=dev',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--package-lock=true',
  '--global=false',
];

/**
 * Installs a version of the framework with npm, which compares every archive with what the registry promises; undefined
 * when it is none that this buildpack can start.
 */
export async function fetchFramework(
  version: string,
  site: NpmSite,
  use: FrameworkUse,
): Promise<{ readonly framework: FrameworkPackage; readonly bill: Bill } | undefined> {
  return withScratch(tmpdir(), 'ofn-framework', async (scratch) => {
    // npm takes its settings from the folder that it installs into, and the nearest package.json makes it that one.
    await writeText(join(scratch, 'package.json'), '{}');
    const npmrc = await readTextIfPresent(join(site.appDir, '.npmrc'), 'OFN-CONFIG');
    if (npmrc !== undefined) await writeText(join(scratch, '.npmrc'), npmrc);
    await askNpm(['install', `${FRAMEWORK.name}@${version}`, ...FLAGS], { ...site, appDir: scratch });
    const needed = use === 'runner' ? [...NEEDED, FRAMEWORK.runner.main] : NEEDED;
    const patterns = [...patternsFor(use), 'node_modules/**'];
    const framework = await findFramework(join(scratch, 'node_modules', FRAMEWORK.name), needed, patterns);
    const lock = await readJsonTable(join(scratch, 'package-lock.json'), 'OFN-DEPS-MANAGER');
    return framework && { framework, bill: fetchedFrameworkBill(version, lock ?? {}) };
  });
}

/** The modules by which the rendered main starts a function. */
const NEEDED: readonly string[] = [...new Set([FRAMEWORK.main, FRAMEWORK.compileCache, ...FRAMEWORK.launched])];
