import type { Log } from '../base/log.ts';
import type { BuildContext } from '../libcnb/context.ts';
import type { BuildResult } from '../libcnb/phase.ts';
import { withBindings } from './bindings/with-bindings.ts';
import type { BuildPlan } from './build-plan.ts';
import { finishImage } from './finish-image.ts';
import { installAndProve } from './install-and-prove.ts';
import { makeSource } from './make-source.ts';
import type { BuilderNode } from './node/builder-node.ts';
import { openProject } from './open-project.ts';
import { provideParts } from './parts.ts';
import { tidyApp } from './tidy-app.ts';

/**
 * Makes the layers of a function: Node.js, framework, dependencies, rendered main; proves the function on the way.
 * `everyLine` is the log of which the project shows what it wants.
 */
export async function build(context: BuildContext, everyLine: Log, builder: BuilderNode): Promise<BuildResult> {
  const { appDir, platformDir } = context;
  const { log, ...project } = await openProject(context, everyLine);
  const { env } = project.sources;
  return withBindings({ appDir, platformDir, env }, log, (bound, quiet) =>
    buildFunction({
      ...project,
      context: { ...context, env },
      env: { ...bound, NODE_ENV: 'production' },
      log: quiet,
      builder,
    }),
  );
}

async function buildFunction(wanted: BuildPlan): Promise<BuildResult> {
  const parts = await provideParts(wanted);
  const plan = await makeSource(wanted, parts);
  const proven = await installAndProve(plan, parts);
  await tidyApp(plan.context.appDir, parts.dependencies?.choice.manager.vendored, plan.log);
  return finishImage(plan, parts, proven);
}
