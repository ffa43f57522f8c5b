import { gt, maxSatisfying, satisfies } from 'semver';
import { FnError } from '../../../base/error.ts';
import type { Resolved } from '../../../base/setting.ts';
import type { BuildPlan } from '../../build-plan.ts';
import { APISIX } from '../../config/function.ts';
import type { Decision } from '../../decision.ts';
import { FRAMEWORK } from '../framework-names.ts';
import { readFrameworkPackage, type FrameworkPackage } from '../framework-package.ts';
import { askNpm, type NpmSite } from '../../managers/registry.ts';
import type { Bill } from '../../sbom/bill.ts';
import { readFrameworkBill } from '../../sbom/framework-bill.ts';
import { fetchFramework } from './fetch.ts';
import { FRAMEWORK_SETTINGS, frameworkDecision, LATEST } from './settings.ts';

/** The framework that an image gets. */
export interface ChosenFramework {
  readonly framework: FrameworkPackage;
  readonly bill: Bill;
  /** Whether it is the builder's own. */
  readonly isBundled: boolean;
  readonly decision: Decision;
}

/** The builder's own framework wherever it fits, which needs no network; else the version that the registry has. */
export async function chooseFramework(plan: BuildPlan): Promise<ChosenFramework> {
  const { config, context, env, projectDir, sources } = plan;
  const use = config.signatureType.value === APISIX ? 'runner' : 'function';
  const bundled = await readFrameworkPackage(context.buildpackDir, use);
  const wanted = sources.read(FRAMEWORK_SETTINGS.version);
  const site = { env, appDir: projectDir };
  const version = await versionFor(wanted, bundled.version, { ...plan, site });
  if (version === bundled.version) {
    const bill = await readFrameworkBill(context.buildpackDir);
    return { framework: bundled, bill, isBundled: true, decision: frameworkDecision(wanted, version) };
  }
  const fetched = await fetchFramework(version, site, use);
  if (fetched === undefined) throw notServed(version, wanted, bundled.version);
  return { ...fetched, isBundled: false, decision: frameworkDecision(wanted, version) };
}

interface Asking extends Pick<BuildPlan, 'log'> {
  readonly site: NpmSite;
}

async function versionFor(wanted: Resolved<string>, bundled: string, asking: Asking): Promise<string> {
  if (wanted.value === '') return bundled;
  if (wanted.value === LATEST) return newest(bundled, asking);
  if (satisfies(bundled, wanted.value)) return bundled;
  const best = maxSatisfying(await publishedVersions(asking), wanted.value);
  if (best !== null) return best;
  throw new FnError(
    `Couldn't find a functions framework for "${wanted.value}", which ${wanted.source} asks for: the registry has none.`,
    { code: 'OFN-FRAMEWORK', hint: leaveOut(wanted.source, bundled) },
  );
}

/** The newest of the registry's and the builder's; without network it is the builder's. */
async function newest(bundled: string, asking: Asking): Promise<string> {
  try {
    const best = maxSatisfying(await publishedVersions(asking), '*');
    return best !== null && gt(best, bundled) ? best : bundled;
  } catch (error) {
    if (!(error instanceof FnError) || error.code !== 'OFN-DEPS-NETWORK') throw error;
    asking.log.warn(
      `The registry can't be asked for the latest functions framework: the builder's ${bundled} is taken.`,
    );
    return bundled;
  }
}

/** What the registry has; nothing where it does not know the package. */
async function publishedVersions({ log, site }: Asking): Promise<string[]> {
  log.info('Functions framework: looking for versions in the registry');
  try {
    const answer: unknown = JSON.parse(await askNpm(['view', FRAMEWORK.name, 'versions', '--json'], site));
    return [answer].flat().map(String);
  } catch (error) {
    if (error instanceof FnError && error.code === 'OFN-DEPS-NOT-FOUND') return [];
    throw error;
  }
}

function notServed(version: string, { source }: Resolved<string>, bundled: string): FnError {
  return new FnError(
    `Couldn't use the functions framework ${version} that ${source} asks for: this buildpack can't start it.`,
    { code: 'OFN-FRAMEWORK', hint: leaveOut(source, bundled) },
  );
}

function leaveOut(source: string, bundled: string): string {
  return `Leave ${source} out: the builder carries ${bundled}, which also serves what was written for earlier versions. Another one has to be a later release of it.`;
}
