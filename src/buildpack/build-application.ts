import { join } from 'node:path';
import type { BuildResult } from '../libcnb/phase.ts';
import { decisionsOfApplication, projectDecision } from './build-decisions.ts';
import { sliceApp } from './launch/slices.ts';
import { planLaunch } from './launch/plan.ts';
import { describingDecisions, describingLabels, OF_APPLICATION } from './labels/description.ts';
import { finishModules, provideModules } from './dependencies/modules-layer.ts';
import { encodePlan, PLAN_LABEL } from './plan.ts';
import { recordOf } from './earlier-build/record.ts';
import { finishApp, recordMade } from './finish.ts';
import { writeApplicationLayer } from './launch/application-layer.ts';
import type { Prepared } from './prepare.ts';
import { PROCESS_SETTINGS, processesOf } from './launch/processes.ts';
import { requireModule } from './launch/program-module.ts';
import type { Command, ProgramCommand } from './launch/program-command.ts';
import { makingDecision } from './typescript/making.ts';

/** Makes the layers of an application that is no function: its dependencies, and a process that node starts. */
export async function buildApplication(prepared: Prepared, web: ProgramCommand): Promise<BuildResult> {
  const { commands, config, context, input, install, log, node, packageJson, projectDir, sources } = prepared;
  log.info(`Application, for no function is named: ${web.command.join(' ')} (from ${web.source})`);
  if (install !== undefined) {
    const modules = await provideModules(install);
    await finishModules(install, modules, modules.demands);
  }
  requireModule(web, { appDir: context.appDir, projectDir });
  const outcome = await finishApp(prepared);
  await recordMade(prepared);
  const { nodeOptions, heap } = planLaunch(sources, node.version);
  const record = input && outcome && recordOf(input, { outcome, proven: undefined });
  const flags = await writeApplicationLayer({ ...prepared, nodeOptions, record: record ?? {} });
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
    ...decisionsOfApplication({ ...prepared, outcome }),
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
        web: startedBy(flags, web.command),
        test: commands.test && startedBy(flags, commands.test.command),
        inspectorPort: sources.read(PROCESS_SETTINGS.inspectorPort).value,
        webDir: projectDir === context.appDir ? undefined : projectDir,
        projectDir,
      }),
    },
  };
}

/** A command of node with flags before its own arguments. */
function startedBy(flags: readonly string[], [program, ...args]: Command): Command {
  return program === 'node' ? [program, ...flags, ...args] : [program, ...args];
}
