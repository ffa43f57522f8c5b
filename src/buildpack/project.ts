import { join } from 'node:path';
import type { Environment } from '../base/setting.ts';
import { readTomlIfPresent } from '../libcnb/toml-file.ts';
import { readConfig, type Config } from './config.ts';
import { readDeclaration } from './declaration.ts';
import { readPackageJson, type PackageJson } from './package-json.ts';

/** A project as its files and the user's variables describe it. */
export interface Project {
  readonly packageJson: PackageJson | undefined;
  /** Undefined when no function is named. */
  readonly config: Config | undefined;
}

/** Reads package.json, func.toml and the variables. */
export async function readProject(appDir: string, env: Environment): Promise<Project> {
  const packageJson = await readPackageJson(appDir);
  const funcToml = await readTomlIfPresent(join(appDir, 'func.toml'));
  const declaration = readDeclaration(appDir, { funcToml, packageJson });
  return { packageJson, config: readConfig(appDir, env, declaration) };
}
