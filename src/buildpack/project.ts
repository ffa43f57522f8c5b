import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import type { Table } from '../base/table.ts';
import type { Environment } from '../base/setting.ts';
import { readTomlIfPresent } from '../libcnb/toml-file.ts';
import { namedInApp } from './app-file.ts';
import { readDeclarations } from './config/declaration.ts';
import { readConfig, type Config } from './config/function.ts';
import { createSources, type Sources } from './config/sources.ts';
import { platformVariables } from './config/variables.ts';
import { decodeKeel } from './keel.ts';
import { readPackageJson, type PackageJson } from './package-json.ts';
import { DECLARED_KEYS } from './settings.ts';

/** A project as its files and the user's variables describe it. */
export interface Project {
  readonly packageJson: PackageJson | undefined;
  /** Every setting is read through it. */
  readonly sources: Sources;
  /** Undefined when no function is named. */
  readonly config: Config | undefined;
}

/** Reads package.json, func.toml and the variables. */
export async function readProject(appDir: string, env: Environment): Promise<Project> {
  return namedInApp(appDir, async () => {
    const packageJson = await readPackageJson(appDir);
    const funcToml = await readFuncToml(appDir);
    const declared = [
      { file: 'func.toml', value: funcToml?.['openfunction'] },
      { file: 'package.json', value: packageJson?.openfunction },
    ];
    const sources = createSources(platformVariables(env), readDeclarations(declared, DECLARED_KEYS));
    return { packageJson, sources, config: readConfig(appDir, sources, decodeKeel(funcToml?.['keel'])) };
  });
}

async function readFuncToml(appDir: string): Promise<Table | undefined> {
  try {
    return await readTomlIfPresent(join(appDir, 'func.toml'));
  } catch (error) {
    if (!(error instanceof FnError)) throw error;
    throw new FnError(error.message, {
      code: error.code,
      hint: 'Correct func.toml: a table [openfunction] with name, type and source, each a text in quotes, for example name = "hello".',
      cause: error,
    });
  }
}
