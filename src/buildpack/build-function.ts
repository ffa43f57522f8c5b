import type { BuildResult } from '../libcnb/phase.ts';
import { namedInApp } from './app-file.ts';
import { BUDGET_SETTINGS } from './budgets/settings.ts';
import { decisionsOf, projectDecision } from './build-decisions.ts';
import { APISIX } from './config/function.ts';
import { chooseCompileCache } from './compile-cache/choose.ts';
import { writeFunctionLayer } from './function-layer.ts';
import { readComponents, type Components } from './labels/components.ts';
import { labelsOf } from './labels/labels.ts';
import { environmentOf } from './labels/environment.ts';
import { manifestOf, type ManifestParts } from './labels/manifest.ts';
import { readSchemas } from './labels/schemas.ts';
import { planLaunch, type LaunchPlan } from './launch/plan.ts';
import { sliceApp } from './launch/slices.ts';
import { guardFor } from './node/rebase-guard.ts';
import { encodePlan, PLAN_LABEL } from './plan.ts';
import { recordMade, tidy, type Prepared } from './prepare.ts';
import { PROCESS_SETTINGS, processesOf } from './processes.ts';
import { prove, proveWithModules } from './proof.ts';
import type { Launchable } from './rehearsal.ts';
import { makingDecision } from './typescript/making.ts';

/** Proves a function with what was prepared for it, and makes the layers and labels of its image. */
export async function buildFunction(prepared: Prepared): Promise<BuildResult> {
  const { config, context, log, node, projectDir, sources } = prepared;
  const components = await namedInApp(context.appDir, () => readComponents(projectDir));
  const schemas = await namedInApp(context.appDir, () => readSchemas(projectDir));
  // Compiled code is that of functions: a runner is started once and stays.
  const isRunner = config.signatureType.value === APISIX;
  const launch = planLaunch(sources, node.version);
  const proven = await proveFunction(prepared, launch.compiled && config.check.value && !isRunner);
  await tidy(prepared);
  // Another process boots the function meanwhile.
  const trial = proven.compiledCode?.tryOut();
  const [result, tell] = await Promise.all([describe(prepared, { proven, components, schemas, launch }), trial]);
  tell?.(log);
  return result;
}

interface Described {
  readonly proven: Launchable;
  readonly components: Components;
  readonly schemas: ManifestParts['schemas'];
  readonly launch: LaunchPlan;
}

/** Records what the image is made of, and makes what starts the function. */
async function describe(prepared: Prepared, { proven, components, schemas, launch }: Described): Promise<BuildResult> {
  const { config, context, projectDir, dependencies, framework, making, node, packageJson, sources } = prepared;
  const { appDir } = context;
  await recordMade(prepared);
  const environment = environmentOf(appDir, proven.modulePath);
  const versions = { frameworkVersion: framework.version, nodeVersion: node.version };
  const manifest = manifestOf({ config, proven, schemas, environment, ...components, ...versions });
  const builtFor = await guardFor(context, node, dependencies !== undefined);
  const written = { projectDir, proven, frameworkDir: framework.folder, manifest, builtFor, launch };
  const main = await writeFunctionLayer(context, config, written);
  const decisions = [
    node.decision,
    projectDecision(appDir, prepared),
    makingDecision(sources, making),
    ...decisionsOf({ appDir, framework, proven, dependencies }),
  ];
  return {
    launch: {
      slices: await sliceApp(appDir, proven.modulePath),
      labels: {
        ...labelsOf({ sources, packageJson, manifest, abi: node.abi }),
        [PLAN_LABEL]: encodePlan(sources, decisions),
      },
      processes: processesOf({
        execEnv: config.execEnv.value,
        web: ['node', main],
        inspectorPort: sources.read(PROCESS_SETTINGS.inspectorPort).value,
        scripts: packageJson?.scripts ?? {},
        manager: dependencies?.choice.manager.name,
        webDir: undefined,
        projectDir,
      }),
    },
  };
}

async function proveFunction(prepared: Prepared, wantsCompiled: boolean): Promise<Launchable> {
  const compileCache = await chooseCompileCache({ ...prepared, wanted: wantsCompiled });
  const proof = { ...prepared, compileCache, startBudget: prepared.sources.read(BUDGET_SETTINGS.start) };
  return prepared.install === undefined ? prove(proof) : proveWithModules(proof, prepared.install);
}
