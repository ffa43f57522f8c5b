import type { Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import type { BuildContext } from '../libcnb/context.ts';
import { readLayerRecords } from '../libcnb/layer-metadata.ts';
import type { BuildResult } from '../libcnb/phase.ts';
import { withBindings } from './bindings/with-bindings.ts';
import { BUDGET_SETTINGS } from './budgets/settings.ts';
import { keepSizeBudget } from './budgets/size.ts';
import { requireBoot } from './budgets/start.ts';
import { buildApplication } from './build-application.ts';
import { buildFunction } from './build-function.ts';
import { clearSource } from './project/clear-source.ts';
import type { Config } from './config/function.ts';
import { recordLayers } from './layers/record.ts';
import type { BuilderNode } from './node/builder-node.ts';
import { openProject } from './project/open-project.ts';
import type { CommandLine } from './launch/program-command.ts';
import { prepare } from './prepare.ts';

/**
 * Makes the layers of a function, or of an application where no function is named. `everyLine` is the log of which the
 * project shows what it wants.
 */
export async function build(context: BuildContext, everyLine: Log, builder: BuilderNode): Promise<BuildResult> {
  const { appDir, platformDir } = context;
  const { log, ...project } = await openProject(context, everyLine);
  const { commandLine, config, sources } = project;
  const { env } = sources;
  requireBoot(sources.read(BUDGET_SETTINGS.start), whyNotBooted(config, commandLine));
  return withBindings({ appDir, platformDir, env }, log, async ({ log: quiet, secrets, env: bound }) => {
    const before = await readLayerRecords(context.layersDir);
    const prepared = await prepare({
      ...project,
      context: { ...context, env },
      env: toolEnvironment(bound, config.execEnv.value),
      log: quiet,
      secrets,
      builder,
    });
    await clearSource(prepared);
    const { web } = prepared.commands;
    const result = await (web === undefined ? buildFunction(prepared) : buildApplication(prepared, web));
    const { layersDir } = context;
    const layers = await recordLayers({ layersDir, before, modules: prepared.dependencies?.inputs ?? {} }, quiet);
    await keepSizeBudget(sources.read(BUDGET_SETTINGS.size), { appDir, layersDir, layers }, quiet);
    return result;
  });
}

function whyNotBooted({ check }: Config, commandLine: CommandLine | undefined): string | undefined {
  if (commandLine !== undefined) return 'no function is named';
  return check.value ? undefined : `${check.source} says that none is booted`;
}

/** What package managers and the boot check run with: compiled Python of node-gyp has times in it, and is not left behind. */
function toolEnvironment(env: Environment, execEnv: string): Environment {
  return { ...env, NODE_ENV: execEnv, PYTHONDONTWRITEBYTECODE: '1' };
}
