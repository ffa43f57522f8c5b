import type { BuildResult } from '../libcnb/phase.ts';
import { decisionsOf } from './build-decisions.ts';
import type { BuildPlan } from './build-plan.ts';
import { writeFunctionLayer } from './function-layer.ts';
import { sliceApp } from './launch/slices.ts';
import { guardFor } from './node/rebase-guard.ts';
import type { Parts } from './parts.ts';
import { encodePlan, PLAN_LABEL } from './plan.ts';
import type { Launchable } from './rehearsal.ts';
import { recordBills } from './sbom/record.ts';
import { makingDecision } from './typescript/making.ts';

/** Writes what makes a proven function an image: its bills of materials, the rendered main, labels and the process. */
export async function finishImage(plan: BuildPlan, parts: Parts, proven: Launchable): Promise<BuildResult> {
  const { context, config, sources } = plan;
  const { node, framework, dependencies, launch, bills } = parts;
  const { appDir, layersDir } = context;
  const nodeVersion = node.isRunImages ? undefined : node.version;
  await recordBills(bills, { appDir, layersDir, dependencies, nodeVersion });
  const builtFor = await guardFor(context, node, dependencies !== undefined);
  const main = await writeFunctionLayer(context, config, { proven, frameworkDir: framework.folder, builtFor, launch });
  const found = decisionsOf({ appDir, framework, proven, dependencies });
  const decisions = [node.decision, makingDecision(plan, parts.making), ...found];
  return {
    launch: {
      slices: await sliceApp(appDir, proven.modulePath),
      labels: {
        ...sources.labels,
        ...labelsOf(plan, parts, proven.signatureType),
        [PLAN_LABEL]: encodePlan(sources, decisions),
      },
      processes: [{ type: 'web', command: ['node', main], isDefault: true }],
    },
  };
}

function labelsOf(
  { config }: BuildPlan,
  { node, framework }: Parts,
  signatureType: string,
): Readonly<Record<string, string>> {
  return {
    'io.openfunction.function.name': config.target.value,
    'io.openfunction.function.signature-type': signatureType,
    'io.openfunction.framework.version': framework.version,
    'io.openfunction.node.version': node.version,
    'io.openfunction.node.abi': node.abi,
  };
}
