import { join, relative } from 'node:path';
import type { Table } from '../../base/table.ts';
import type { PhaseContext } from '../../libcnb/context.ts';
import { namedInApp } from './app-file.ts';
import { findCommandLine } from '../config/application.ts';
import { describeDamage } from '../config/damage.ts';
import { readDeclarations, type DeclaredTable } from '../config/declaration.ts';
import { readFuncToml } from '../config/func-toml.ts';
import { FUNCTION_SETTINGS, readConfig, type Config } from '../config/function.ts';
import { readProjectToml } from '../config/project-toml.ts';
import { createSources, type Sources } from '../config/sources.ts';
import { describeMisspelt } from '../config/unknown-variables.ts';
import { collectVariables, type Variables } from '../config/variables.ts';
import { decodeKeel } from '../launch/keel.ts';
import { readPackageJson, type PackageJson } from './package-json.ts';
import { findProjectFolder, PROJECT_SETTINGS } from './project-folder.ts';
import type { CommandLine } from '../launch/program-command.ts';
import { DECLARED_KEYS, KNOWN_VARIABLES } from '../settings.ts';

/** What a phase knows of an app before it reads one of its files. */
type Given = Pick<PhaseContext, 'appDir' | 'env' | 'userEnv'>;

/** The variables of a build, and what looks wrong with them and may be right. */
export interface ProjectVariables extends Variables {
  readonly warnings: readonly string[];
}

/** A project as its files and the user's variables describe it. */
export interface Project {
  /** Where its package.json and its lock file are: the app's root, or a folder below it. */
  readonly projectDir: string;
  readonly packageJson: PackageJson | undefined;
  /** Every setting is read through it. */
  readonly sources: Sources;
  readonly config: Config;
  /** The command of an application, where no function is named; undefined when there is none either. */
  readonly commandLine: CommandLine | undefined;
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

/** The files of a folder that say what to build. */
interface Declared {
  readonly packageJson: PackageJson | undefined;
  readonly funcToml: Table | undefined;
  readonly tables: readonly DeclaredTable[];
}

/** Reads package.json, func.toml and the variables; a project in a folder of the app has files of its own, which win. */
export async function readProject(appDir: string, variables: ProjectVariables): Promise<Project> {
  return namedInApp(appDir, async () => {
    const root = await readDeclared(appDir, appDir);
    const { warnings } = variables;
    const ofRoot = createSources(variables, readDeclarations(root.tables, DECLARED_KEYS));
    const named = ofRoot.read(PROJECT_SETTINGS.folder);
    const source = ofRoot.read(FUNCTION_SETTINGS.source);
    const projectDir = await findProjectFolder(appDir, named, source.value);
    const keel = decodeKeel(root.funcToml?.['keel']);
    if (projectDir === appDir) {
      const { packageJson } = root;
      const config = readConfig(appDir, ofRoot, keel);
      return withCommand({ projectDir, packageJson, sources: ofRoot, config, warnings });
    }
    const own = await readDeclared(appDir, projectDir);
    const sources = createSources(variables, readDeclarations([...own.tables, ...root.tables], DECLARED_KEYS));
    // What the project's own files say, and what nobody says, is relative to them.
    const { source: said } = sources.read(FUNCTION_SETTINGS.source);
    const base = said !== 'default' && said === source.source ? appDir : projectDir;
    const config = readConfig(appDir, sources, decodeKeel(own.funcToml?.['keel']) ?? keel, base);
    return withCommand({ projectDir, packageJson: own.packageJson, sources, config, warnings });
  });
}

/** An application's command is asked for where no function is named. */
async function withCommand(project: Omit<Project, 'commandLine'>): Promise<Project> {
  const { config, packageJson, projectDir, sources } = project;
  const isFunction = config.target.value !== '';
  const commandLine = isFunction ? undefined : await findCommandLine(projectDir, sources, packageJson);
  return { ...project, commandLine };
}

async function readDeclared(appDir: string, folder: string): Promise<Declared> {
  const packageJson = await readPackageJson(folder);
  const funcToml = await readFuncToml(folder, DECLARED_KEYS);
  const tables = [
    { file: relative(appDir, join(folder, 'func.toml')), value: funcToml?.['openfunction'] },
    { file: relative(appDir, join(folder, 'package.json')), value: packageJson?.openfunction },
  ];
  return { packageJson, funcToml, tables };
}
