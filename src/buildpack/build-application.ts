import { join } from 'node:path';
import { writeLayerEnv } from '../libcnb/layer-env.ts';
import { createFolder, openLayer, writeLayer } from '../libcnb/layer.ts';
import { writeText } from '../libcnb/text-file.ts';
import type { BuildResult } from '../libcnb/phase.ts';
import { decisionsOfApplication, projectDecision } from './build-decisions.ts';
import { sliceApp } from './launch/slices.ts';
import { planLaunch } from './launch/plan.ts';
import { programPath } from './launch/search-paths.ts';
import { describingDecisions, describingLabels, OF_APPLICATION } from './labels/description.ts';
import { renderStart } from './launch/main-file.ts';
import { finishModules, provideModules } from './dependencies/modules-layer.ts';
import { guardFor } from './node/rebase-guard.ts';
import { encodePlan, PLAN_LABEL } from './plan.ts';
import { recordMade, tidy, type Prepared } from './prepare.ts';
import { writeProcessVariables } from './launch/process-commands.ts';
import { PROCESS_SETTINGS, processesOf } from './launch/processes.ts';
import { requireModule } from './launch/program-module.ts';
import type { Command, ProgramCommand } from './launch/program-command.ts';
import { makingDecision } from './typescript/making.ts';

/** Makes the layers of an application that is no function: its dependencies, and a process that node starts. */
export async function buildApplication(prepared: Prepared, web: ProgramCommand): Promise<BuildResult> {
  const { commands, config, context, install, log, node, packageJson, projectDir, sources } = prepared;
  log.info(`Application, for no function is named: ${web.command.join(' ')} (from ${web.source})`);
  if (install !== undefined) {
    const modules = await provideModules(install);
    await finishModules(install, modules, modules.demands);
  }
  requireModule(web, { appDir: context.appDir, projectDir });
  await tidy(prepared);
  await recordMade(prepared);
  const { nodeOptions, heap } = planLaunch(sources, node.version);
  const start = await writeApplicationLayer(prepared, nodeOptions);
  const command = {
    subject: 'command',
    value: web.command.join(' '),
    source: web.source,
    change: 'FUNC_ENTRYPOINT, Procfile',
  };
  const description = { sources, packageJson, otherwise: OF_APPLICATION };
  const decisions = [
    node.decision,
    command,
    heap,
    projectDecision(context.appDir, prepared),
    makingDecision(sources, prepared.making),
    ...decisionsOfApplication(prepared),
    ...describingDecisions(description),
  ];
  return {
    launch: {
      slices: await sliceApp(context.appDir, join(projectDir, 'package.json')),
      labels: {
        ...describingLabels(description),
        'io.openfunction.node.version': node.version,
        'io.openfunction.node.abi': node.abi,
        [PLAN_LABEL]: encodePlan(sources, decisions),
      },
      processes: processesOf({
        execEnv: config.execEnv.value,
        web: startedBy(start, web.command),
        test: commands.test && startedBy(start, commands.test.command),
        inspectorPort: sources.read(PROCESS_SETTINGS.inspectorPort).value,
        webDir: projectDir === context.appDir ? undefined : projectDir,
        projectDir,
      }),
    },
  };
}

/** A command of node that imports a module first. */
function startedBy(start: string, [program, ...args]: Command): Command {
  return program === 'node' ? [program, '--import', start, ...args] : [program, ...args];
}

/** Writes the launch defaults and the module that node imports first, and gives its path. */
async function writeApplicationLayer(prepared: Prepared, nodeOptions: string | undefined): Promise<string> {
  const { commands, config, context, framework, install, node, projectDir } = prepared;
  const { layersDir } = context;
  const layer = await openLayer(layersDir, { name: 'application', types: { launch: true }, metadata: {} });
  const defaults = {
    NODE_ENV: config.execEnv.value,
    PORT: '8080',
    ...(nodeOptions ? { NODE_OPTIONS: nodeOptions } : {}),
  };
  const changes = Object.entries(defaults).map(([name, value]) => ({ name, value, action: 'default' as const }));
  const folder = await createFolder(layer);
  await writeLayerEnv(folder, 'launch', [...changes, programPath(projectDir)]);
  await writeProcessVariables(folder, commands);
  const builtFor = await guardFor(context, node, install !== undefined);
  const start = join(folder, 'start.mjs');
  await writeText(start, renderStart(framework.folder, builtFor));
  await writeLayer(layersDir, layer, {});
  return start;
}
