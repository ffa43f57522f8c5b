import { FnError } from '../base/error.ts';
import { fromLevel, type Log } from '../base/log.ts';
import type { BuildContext } from '../libcnb/context.ts';
import { namedInApp } from './app-file.ts';
import { FUNCTION_SETTINGS, type Config } from './config/function.ts';
import { readProjectToml } from './config/project-toml.ts';
import { removeExcluded } from './project-files.ts';
import { readProject, type Project } from './project.ts';

/** A project that is going to be built, and the log of its build. */
export interface OpenProject extends Project {
  readonly config: Config;
  readonly log: Log;
}

/** Leaves out what project.toml says, reads the project, and tells of both; `everyLine` is the log with nothing hidden. */
export async function openProject(context: BuildContext, everyLine: Log): Promise<OpenProject> {
  const { appDir } = context;
  const excluded = await removeExcluded(appDir, await namedInApp(appDir, () => readProjectToml(appDir)));
  const project = await readProject(appDir, context);
  const { config, sources, warnings } = project;
  const log = fromLevel(everyLine, sources.read(FUNCTION_SETTINGS.debug).value ? 'debug' : 'info');
  for (const warning of warnings) log.warn(warning);
  if (config === undefined) {
    throw new FnError("Couldn't build: no function is named.", {
      code: 'OFN-CONFIG',
      hint: 'Set FUNC_NAME to the exported function.',
    });
  }
  if (excluded.length > 0) log.info(`Left out, as project.toml says: ${listOf(excluded)}`);
  log.info(`Function "${config.target.value}" (from ${config.target.source})`);
  return { ...project, config, log };
}

const SHOWN_PATHS = 10;

/** The first of many paths, and how many more there are. */
function listOf(paths: readonly string[]): string {
  const more = paths.length - SHOWN_PATHS;
  return paths.slice(0, SHOWN_PATHS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
