import { FnError } from '../../base/error.ts';
import { fromLevel, type Log } from '../../base/log.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import { APPLICATION_SETTINGS } from '../config/application.ts';
import { FUNCTION_SETTINGS } from '../config/function.ts';
import { describeLoss } from '../config/lost-variables.ts';
import { excludeFiles } from './project-files.ts';
import { readProject, readVariables, type Project } from './project.ts';
import { BUILD_SETTINGS } from '../settings.ts';

/** A project that is going to be built, and the log of its build. */
export interface OpenProject extends Project {
  readonly log: Log;
}

/** Keeps out what project.toml says, reads the project and tells of it; `everyLine` is the log with nothing hidden. */
export async function openProject(context: BuildContext, everyLine: Log): Promise<OpenProject> {
  const { appDir } = context;
  await excludeFiles(appDir, everyLine);
  const project = await readProject(appDir, await readVariables(context));
  const { commandLine, config, sources } = project;
  const log = fromLevel(everyLine, sources.read(FUNCTION_SETTINGS.debug).value ? 'debug' : 'info');
  for (const warning of warningsOf(context, project)) log.warn(warning);
  if (config.target.value === '' && commandLine === undefined) {
    throw new FnError("Couldn't build: no function is named.", {
      code: 'OFN-CONFIG',
      hint: 'Set FUNC_NAME to the exported function.',
    });
  }
  // A value that can't be used is told before anything is installed, not where it is needed.
  for (const setting of BUILD_SETTINGS) sources.read(setting);
  if (commandLine === undefined) log.info(`Function "${config.target.value}" (from ${config.target.source})`);
  return { ...project, log };
}

/** What looks wrong with a project and may be right, also that it names no function, for its variables may be lost. */
export function warningsOf(
  { appDir, userEnv }: Pick<BuildContext, 'appDir' | 'userEnv'>,
  { commandLine, sources, warnings }: Project,
): readonly string[] {
  // Who names the command in the project means an application.
  const isMeant = commandLine === undefined || sources.read(APPLICATION_SETTINGS.entrypoint).value !== '';
  return isMeant ? warnings : [...warnings, ...describeLoss(appDir, userEnv)];
}
