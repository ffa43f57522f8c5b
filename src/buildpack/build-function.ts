import { writeLayer } from '../libcnb/layer.ts';
import type { BuildResult } from '../libcnb/phase.ts';
import { namedInApp } from './project/app-file.ts';
import { BUDGET_SETTINGS } from './budgets/settings.ts';
import { decisionsOf, projectDecision } from './build-decisions.ts';
import { chooseCompileCache } from './compile-cache/choose.ts';
import { compiledDecision, whyNotCompiled } from './compile-cache/decide.ts';
import type { Outcome } from './app-files/outcome.ts';
import { recordOf } from './earlier-build/record.ts';
import { takeOver } from './earlier-build/take-over.ts';
import { fillFunctionLayer, openFunctionLayer, type FunctionLayer } from './launch/function-layer.ts';
import { readComponents, type Components } from './labels/components.ts';
import { describingDecisions, ofFunctions } from './labels/description.ts';
import { labelsOf } from './labels/labels.ts';
import { environmentOf } from './labels/environment.ts';
import { manifestOf, type ManifestParts } from './labels/manifest.ts';
import { readSchemas } from './labels/schemas.ts';
import { entryModules } from './project/entry-modules.ts';
import { planLaunch, type LaunchPlan } from './launch/plan.ts';
import { sliceApp } from './launch/slices.ts';
import { guardFor } from './node/rebase-guard.ts';
import { encodePlan, PLAN_LABEL } from './plan.ts';
import { finishApp, recordMade } from './finish.ts';
import type { Prepared } from './prepare.ts';
import { writeProcessVariables } from './launch/process-commands.ts';
import { PROCESS_SETTINGS, processesOf } from './launch/processes.ts';
import { prove, proveWithModules } from './proof/proof.ts';
import type { Launchable } from './proof/rehearsal.ts';
import { makingDecision } from './typescript/making.ts';

/** Proves a function with what was prepared for it, and makes the layers and labels of its image. */
export async function buildFunction(prepared: Prepared): Promise<BuildResult> {
  const { context, log, node, projectDir, sources } = prepared;
  const components = await namedInApp(context.appDir, () => readComponents(projectDir, context.appDir));
  const schemas = await namedInApp(context.appDir, () => readSchemas(projectDir));
  const launch = planLaunch(sources, node.version);
  const layer = await openFunctionLayer(context);
  const whyNot = whyNotCompiled({ ...prepared, launch });
  const proven = await proveFunction(prepared, whyNot === undefined ? layer.compiledCode : undefined);
  const outcome = await finishApp(prepared);
  // Another process boots the function meanwhile.
  const trial = proven.compiledCode?.tryOut();
  const described = { proven, components, schemas, launch, layer, whyNot, outcome };
  const [result, tell] = await Promise.all([describe(prepared, described), trial]);
  tell?.(log);
  return result;
}

interface Described {
  readonly proven: Launchable;
  readonly components: Components;
  readonly schemas: ManifestParts['schemas'];
  readonly launch: LaunchPlan;
  readonly layer: FunctionLayer;
  readonly whyNot: string | undefined;
  readonly outcome: Outcome | undefined;
}

/** Records what the image is made of, and makes what starts the function. */
async function describe(prepared: Prepared, described: Described): Promise<BuildResult> {
  const { proven, components, schemas, launch, layer, whyNot, outcome } = described;
  const { config, context, projectDir, dependencies, framework, input, making, node, packageJson, sources } = prepared;
  const { appDir } = context;
  await recordMade(prepared);
  const environment = await environmentOf(appDir, await entryModules(proven.modulePath, proven.signatureType));
  const versions = { frameworkVersion: framework.version, nodeVersion: node.version };
  const manifest = manifestOf({ config, proven, schemas, environment, ...components, ...versions });
  if (prepared.earlier === undefined) {
    const builtFor = await guardFor(context, node, dependencies !== undefined);
    const written = { projectDir, proven, frameworkDir: framework.folder, manifest, builtFor, launch };
    await fillFunctionLayer(layer, config, written);
    await writeProcessVariables(layer.layer.folder, prepared.commands);
  }
  const record = input && outcome && recordOf(input, { outcome, proven });
  await writeLayer(context.layersDir, layer.layer, record ?? {});
  const decisions = [
    node.decision,
    projectDecision(appDir, prepared),
    makingDecision(sources, making),
    launch.heap,
    compiledDecision(sources, whyNot, proven.hasCompiledCode),
    ...describingDecisions({ sources, packageJson, otherwise: ofFunctions(manifest.functions) }),
    ...decisionsOf({ appDir, framework, proven, dependencies, outcome }),
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
        web: ['node', layer.main],
        inspectorPort: sources.read(PROCESS_SETTINGS.inspectorPort).value,
        test: prepared.commands.test?.command,
        webDir: undefined,
        projectDir,
      }),
    },
  };
}

/** Proves the function, or takes over what was proven; compiled code goes into `launchFolder`, where one is wanted. */
async function proveFunction(prepared: Prepared, launchFolder: string | undefined): Promise<Launchable> {
  const { config, earlier, install, log, sources } = prepared;
  const compileCache = await chooseCompileCache({ ...prepared, launchFolder });
  const proof = { ...prepared, compileCache, startBudget: sources.read(BUDGET_SETTINGS.start) };
  if (install === undefined) return prove(proof);
  if (earlier?.proven === undefined) return proveWithModules(proof, install);
  return takeOver({ config, earlier: earlier.proven, install, compileCache, log });
}
