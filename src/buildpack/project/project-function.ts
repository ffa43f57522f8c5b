import type { FunctionManifest } from '../../base/function-manifest.ts';
import { readComponents } from '../labels/components.ts';
import { functionsNamedIn, withSchemas } from '../labels/manifest.ts';
import { readSchemas } from '../labels/schemas.ts';
import { readProject, readVariables } from './project.ts';

/** What a project says of its function, without a build of it. */
interface ProjectFunction extends Pick<FunctionManifest, 'functions' | 'inputs' | 'outputs'> {
  /** The project's version, in package.json. */
  readonly version: string | undefined;
}

/** The function of a folder, as far as its files and the user's variables say; an application has none. */
export async function functionOfProject(
  appDir: string,
  userEnv: Readonly<Record<string, string>>,
): Promise<ProjectFunction> {
  const variables = await readVariables({ appDir, env: userEnv, userEnv });
  const { config, packageJson } = await readProject(appDir, variables);
  const version = packageJson?.raw['version'];
  return {
    functions:
      config.target.value === ''
        ? []
        : withSchemas(functionsNamedIn(config, config.signatureType.value), await readSchemas(appDir)),
    ...(await readComponents(appDir)),
    version: typeof version === 'string' ? version : undefined,
  };
}
