import { FnError } from '../base/error.ts';
import { fromLevel, type Log } from '../base/log.ts';
import type { BuildContext } from '../libcnb/context.ts';
import { FUNCTION_SETTINGS } from './config/function.ts';
import { excludeFiles } from './project-files.ts';
import { readProject, readVariables, type Project } from './project.ts';

/** A project that is going to be built, and the log of its build. */
export interface OpenProject extends Project {
  readonly log: Log;
}

/** Keeps out what project.toml says, reads the project and tells of it; `everyLine` is the log with nothing hidden. */
export async function openProject(context: BuildContext, everyLine: Log): Promise<OpenProject> {
  const { appDir } = context;
  await excludeFiles(appDir, everyLine);
  const project = await readProject(appDir, await readVariables(context));
  const { commandLine, config, sources, warnings } = project;
  const log = fromLevel(everyLine, sources.read(FUNCTION_SETTINGS.debug).value ? 'debug' : 'info');
  for (const warning of warnings) log.warn(warning);
  if (config.target.value === '' && commandLine === undefined) {
    throw new FnError("Couldn't build: no function is named.", {
      code: 'OFN-CONFIG',
      hint: 'Set FUNC_NAME to the exported function.',
    });
  }
  if (commandLine === undefined) log.info(`Function "${config.target.value}" (from ${config.target.source})`);
  return { ...project, log };
}
