import { namedInApp } from './app-file.ts';
import type { ExecEnv } from '../config/exec-env.ts';
import { readProjectToml } from '../config/project-toml.ts';
import { collectVariables, execEnvOf } from '../config/variables.ts';

/** The execution environment that a build of a folder is for; OFN-CONFIG where it is none. */
export async function execEnvOfProject(appDir: string, variables: Readonly<Record<string, string>>): Promise<ExecEnv> {
  const { variables: described } = await namedInApp(appDir, () => readProjectToml(appDir));
  return execEnvOf(collectVariables(variables, described));
}
