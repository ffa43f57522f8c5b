import type { Log } from '../base/log.ts';
import type { BuildContext } from '../libcnb/context.ts';
import type { BuildResult } from '../libcnb/phase.ts';
import { withBindings } from './bindings/with-bindings.ts';
import { buildApplication } from './build-application.ts';
import { chooseCompileCache } from './compile-cache/choose.ts';
import { launchOf } from './function-launch.ts';
import { writeFunctionLayer } from './function-layer.ts';
import { planLaunch } from './launch/plan.ts';
import type { BuilderNode } from './node/builder-node.ts';
import { guardFor } from './node/rebase-guard.ts';
import { openProject } from './open-project.ts';
import { finish, prepare, type Prepared } from './prepare.ts';
import { prove, proveWithModules } from './proof.ts';

/**
 * Makes the layers of a function: framework, dependencies, rendered main; proves the function on the way. Where none is
 * named, those of an application. `everyLine` is the log of which the project shows what it wants.
 */
export async function build(context: BuildContext, everyLine: Log, builder: BuilderNode): Promise<BuildResult> {
  const { appDir, platformDir } = context;
  const { commandLine, config, log, packageJson, sources } = await openProject(context, everyLine);
  const { env } = sources;
  return withBindings({ appDir, platformDir, env }, log, async (bound, quiet) => {
    const prepared = await prepare({
      context: { ...context, env },
      config,
      packageJson,
      sources,
      env: { ...bound, NODE_ENV: config.execEnv.value },
      log: quiet,
      builder,
    });
    return commandLine === undefined ? buildFunction(prepared) : buildApplication(prepared, commandLine);
  });
}

async function buildFunction(prepared: Prepared): Promise<BuildResult> {
  const { builder, config, context, dependencies, framework, log, node, plan, sources } = prepared;
  const launch = planLaunch(sources, node.version);
  const wanted = launch.compiled && config.check.value;
  const compileCache = await chooseCompileCache({ context, wanted, node, builder, framework, dependencies });
  const proof = { context, config, node, log, framework, compileCache };
  const proven = await (plan === undefined ? prove(proof) : proveWithModules(proof, plan));
  await finish(prepared);
  const builtFor = await guardFor(context, node, dependencies !== undefined);
  const main = await writeFunctionLayer(context, config, { proven, frameworkDir: framework.folder, builtFor, launch });
  return { launch: await launchOf({ ...prepared, proven, main }) };
}
