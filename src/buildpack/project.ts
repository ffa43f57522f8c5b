import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import type { Table } from '../base/table.ts';
import type { PhaseContext } from '../libcnb/context.ts';
import { readTomlIfPresent } from '../libcnb/toml-file.ts';
import { namedInApp } from './app-file.ts';
import { describeDamage } from './config/damage.ts';
import { readDeclarations } from './config/declaration.ts';
import { readConfig, type Config } from './config/function.ts';
import { readProjectToml } from './config/project-toml.ts';
import { createSources, type Sources } from './config/sources.ts';
import { describeMisspelt } from './config/unknown-variables.ts';
import { collectVariables, type Variables } from './config/variables.ts';
import { decodeKeel } from './keel.ts';
import { readPackageJson, type PackageJson } from './package-json.ts';
import { DECLARED_KEYS, KNOWN_VARIABLES } from './settings.ts';

/** What a phase knows of an app before it reads one of its files. */
type Given = Pick<PhaseContext, 'appDir' | 'env' | 'userEnv'>;

/** The variables of a build, and what looks wrong with them and may be right. */
export interface ProjectVariables extends Variables {
  readonly warnings: readonly string[];
}

/** A project as its files and the user's variables describe it. */
export interface Project {
  readonly packageJson: PackageJson | undefined;
  /** Every setting is read through it. */
  readonly sources: Sources;
  /** Undefined when no function is named. */
  readonly config: Config | undefined;
  /** What looks wrong and may be right. */
  readonly warnings: readonly string[];
}

/** Reads project.toml's variables into those of the platform, and tells what looks wrong with these. */
export async function readVariables({ appDir, env, userEnv }: Given): Promise<ProjectVariables> {
  const { variables: described } = await namedInApp(appDir, () => readProjectToml(appDir));
  const variables = collectVariables(env, described);
  const asGiven = Object.entries(userEnv).filter(([name]) => variables.sourceOf(name) === name);
  const warnings = [
    ...describeDamage(Object.fromEntries(asGiven)),
    ...describeMisspelt(Object.keys(userEnv), KNOWN_VARIABLES),
  ];
  return { ...variables, warnings };
}

/** Reads func.toml and package.json beside the variables. */
export async function readProject(appDir: string, variables: ProjectVariables): Promise<Project> {
  return namedInApp(appDir, async () => {
    const packageJson = await readPackageJson(appDir);
    const funcToml = await readFuncToml(appDir);
    const declared = [
      { file: 'func.toml', value: funcToml?.['openfunction'] },
      { file: 'package.json', value: packageJson?.openfunction },
    ];
    const sources = createSources(variables, readDeclarations(declared, DECLARED_KEYS));
    const config = readConfig(appDir, sources, decodeKeel(funcToml?.['keel']));
    return { packageJson, sources, config, warnings: variables.warnings };
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
