import type { BuildResult } from '../libcnb/phase.ts';
import { decisionsOf } from './build-decisions.ts';
import type { BuildPlan } from './build-plan.ts';
import { writeFunctionLayer } from './function-layer.ts';
import { labelsOf } from './labels/labels.ts';
import { manifestOf } from './labels/manifest.ts';
import { sliceApp } from './launch/slices.ts';
import { guardFor } from './node/rebase-guard.ts';
import type { Parts } from './parts.ts';
import { encodePlan, PLAN_LABEL } from './plan.ts';
import type { Launchable } from './rehearsal.ts';
import { recordBills } from './sbom/record.ts';

/** Writes what makes a proven function an image: bills of materials, the rendered main, labels and the process. */
export async function finishImage(plan: BuildPlan, parts: Parts, proven: Launchable): Promise<BuildResult> {
  const { context, projectDir, config, packageJson, sources } = plan;
  const { node, framework, dependencies, components, launch, bills } = parts;
  const { appDir } = context;
  await recordBills(bills, { context, projectDir, dependencies, node });
  const versions = { frameworkVersion: framework.version, nodeVersion: node.version };
  const manifest = manifestOf({ config, proven, ...components, ...versions });
  const builtFor = await guardFor(context, node, dependencies !== undefined);
  const written = { proven, frameworkDir: framework.folder, manifest, builtFor, launch };
  const main = await writeFunctionLayer(context, config, written);
  const decisions = [node.decision, ...decisionsOf({ appDir, framework, proven, dependencies })];
  return {
    launch: {
      slices: await sliceApp(appDir, proven.modulePath),
      labels: {
        ...labelsOf({ sources, packageJson, manifest, abi: node.abi }),
        [PLAN_LABEL]: encodePlan(sources, decisions),
      },
      processes: [{ type: 'web', command: ['node', main], isDefault: true }],
    },
  };
}
