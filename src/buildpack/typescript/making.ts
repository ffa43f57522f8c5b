import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isInside } from '../../base/inside.ts';
import { entryModules } from '../project/entry-modules.ts';
import { FnError } from '../../base/error.ts';
import { APISIX, type Config } from '../config/function.ts';
import type { Resolved } from '../../base/setting.ts';
import type { Sources } from '../config/sources.ts';
import { describeChange } from '../config/setting.ts';
import { commandOf, type CommandLine, type CommandProject, type ProgramCommand } from '../launch/program-command.ts';
import { moduleOf } from '../launch/program-module.ts';
import type { Decision } from '../decision.ts';
import type { PackageJson } from '../project/package-json.ts';
import { readManifests, type Manifest } from './manifests.ts';
import { isFolder } from '../../base/path-kind.ts';
import { namedModule, namedPlugins, type NamedModule } from './named-module.ts';
import { findObstacle, isTypeScript } from './obstacle.ts';
import { findUnmadeSiblings } from './siblings.ts';
import { TYPESCRIPT_SETTINGS } from './settings.ts';
import { findTsconfig, type Tsconfig } from './tsconfig.ts';

/** JavaScript that has to be made before the function can be loaded: by scripts, by the compiler, or by both in this order. */
export interface Making {
  readonly scripts: Scripts | undefined;
  readonly compiler: Compiler | undefined;
  /** The JavaScript that the project names; undefined where it has TypeScript there. */
  readonly output: NamedModule | undefined;
}

/** The script `build` of package.json files. */
export interface Scripts {
  /** Why, as in "because <why>". */
  readonly why: string;
  /** Absolute folders of the files, in the order in which they run. */
  readonly folders: readonly string[];
}

/** The project's own compiler. */
export interface Compiler {
  /** Why, as in "because <why>". */
  readonly why: string;
  /** Undefined where the project has none. */
  readonly tsconfig: Tsconfig | undefined;
  /** Where that is TypeScript, what is loaded of it; undefined where the project names what is made. */
  readonly inputs: Inputs | undefined;
}

/** The modules that are loaded. */
export interface Inputs {
  /** Absolute paths: that of a function, or of plugins. */
  readonly modules: readonly string[];
  /** The folder of the plugins; undefined for one module. */
  readonly folder: string | undefined;
}

/** What of a project decides what is made. */
export interface MakingRequest {
  readonly appDir: string;
  /** Folder of package.json and the lock file. */
  readonly projectDir: string;
  readonly config: Config;
  readonly packageJson: PackageJson | undefined;
  readonly sources: Sources;
  /** What serves where no function is named. */
  readonly commandLine: CommandLine | undefined;
}

/** The script that makes what a project runs, by the custom of all platforms. */
export const BUILD_SCRIPT = 'build';

/**
 * Finds out what has to be made; undefined where everything is there, or the user says what to run. Projects name
 * JavaScript that is made of something, or have TypeScript that Node.js can't run as it is.
 */
export async function findMaking(request: MakingRequest): Promise<Making | undefined> {
  const { appDir, projectDir } = request;
  const source = mayMake(request) ? sourceOf(request) : undefined;
  if (source === undefined) return undefined;
  const manifests = await readManifests(projectDir, isFolder(source.value) ? source.value : dirname(source.value));
  const own = await findOwn(request, source, manifests);
  const siblings = await siblingScripts(appDir, projectDir, manifests);
  if (siblings === undefined) return own;
  const { scripts, compiler, output } = own ?? {};
  const folders = [...new Set([...siblings.folders, ...(scripts?.folders ?? [])])];
  return { scripts: { why: scripts?.why ?? siblings.why, folders }, compiler, output };
}

/** The function's source, or the module that the command of an application names, with who says so. */
function sourceOf({ commandLine, config, packageJson, projectDir }: MakingRequest): Resolved<string> | undefined {
  if (commandLine === undefined) return config.target.value === '' ? undefined : config.source;
  const web = commandIfAny(commandLine, { scripts: packageJson?.scripts ?? {}, manager: undefined });
  const value = web && moduleOf(web, projectDir);
  return value === undefined ? undefined : { value, source: web?.line.source ?? commandLine.source };
}

/** A command that is of no use is told where all are worked out. */
function commandIfAny(line: CommandLine, project: CommandProject): ProgramCommand | undefined {
  try {
    return commandOf(line, project);
  } catch (error) {
    if (error instanceof FnError) return undefined;
    throw error;
  }
}

/** What has to be made of the function, the plugins or the application itself. */
async function findOwn(
  { appDir, commandLine, config, projectDir }: MakingRequest,
  said: Resolved<string>,
  manifests: readonly Manifest[],
): Promise<Making | undefined> {
  const source = said.value;
  const type = config.signatureType.value;
  const hasCompiler = manifests.some(({ listsCompiler }) => listsCompiler);
  const named = type === APISIX ? namedPlugins(said, projectDir) : namedModule(said, manifests);
  const found = await entryModules(named?.path ?? source, type);
  if (found.some(isTypeScript)) {
    const inputs = { modules: found, folder: type === APISIX && isFolder(source) ? source : undefined };
    return hasCompiler && commandLine === undefined ? ofTypeScript(appDir, inputs) : undefined;
  }
  const folder = isFolder(source) ? source : dirname(source);
  const tsconfig = hasCompiler ? await findTsconfig(appDir, folder) : undefined;
  const why = whyMade(appDir, { named, found, tsconfig });
  return why === undefined ? undefined : ofJavaScript(why, { manifests, tsconfig, named });
}

/** The scripts that make what the function needs of other packages: a monorepo's own, or those of the packages. */
async function siblingScripts(
  appDir: string,
  projectDir: string,
  manifests: readonly Manifest[],
): Promise<Scripts | undefined> {
  const packages = manifests.map(({ packageJson }) => packageJson);
  const unmade = await findUnmadeSiblings(projectDir, packages);
  const [first] = unmade;
  if (first === undefined) return undefined;
  const why = `${first.name} names ${relative(appDir, join(first.folder, first.target))}, which is not there`;
  const ofAll = manifests.some(({ folder, scripts }) => folder === projectDir && scripts[BUILD_SCRIPT] !== undefined);
  return { why, folders: ofAll ? [projectDir] : unmade.map(({ folder }) => folder) };
}

/** Nobody says otherwise. */
function mayMake({ config, sources, packageJson }: MakingRequest): boolean {
  if (packageJson === undefined || config.vendored.value) return false;
  return config.scripts.value.length === 0 && sources.read(TYPESCRIPT_SETTINGS.make).value;
}

/** What is made, for `ofn explain`. */
export function makingDecision(sources: Sources, making: Making | undefined): Decision {
  const { make } = TYPESCRIPT_SETTINGS;
  const { value, source } = sources.read(make);
  const common = { subject: make.subject, change: describeChange(make) };
  if (making === undefined) return { ...common, value: value ? 'as it is' : 'off', source };
  const { scripts, compiler } = making;
  const words = [scripts && `made by the script "${BUILD_SCRIPT}"`, compiler && 'compiled'];
  const whys = [scripts?.why, compiler?.why];
  return { ...common, value: joined(words, ', '), source: joined(whys, '; ') };
}

function joined(texts: readonly (string | undefined)[], by: string): string {
  return texts.filter((text) => text !== undefined).join(by);
}

async function ofTypeScript(appDir: string, { modules, folder }: Inputs): Promise<Making | undefined> {
  const typed = modules.filter(isTypeScript);
  const [first = ''] = typed;
  const obstacle = typed.map(findObstacle).find((found) => found !== undefined);
  if (obstacle === undefined) return undefined;
  const why = `${relative(appDir, obstacle.path)} ${obstacle.what}`;
  const beside = await findTsconfig(appDir, dirname(first));
  const tsconfig = folder === undefined ? beside : ((await findTsconfig(appDir, folder)) ?? beside);
  // What an earlier run has left among the plugins is made anew; a folder that has sources as well is not all output.
  const isMixed = tsconfig === undefined || typed.some((path) => isOutput(path, tsconfig));
  const inputs = isMixed ? modules : modules.filter((path) => !isOutput(path, tsconfig));
  return { scripts: undefined, compiler: { why, tsconfig, inputs: { modules: inputs, folder } }, output: undefined };
}

interface Seen {
  readonly named: NamedModule | undefined;
  readonly found: readonly string[];
  readonly tsconfig: Tsconfig | undefined;
}

function whyMade(appDir: string, { named, found, tsconfig }: Seen): string | undefined {
  if (found.length === 0) {
    if (named === undefined) return undefined;
    const lacks = isFolder(named.path) ? 'which has no module' : 'which is not there';
    return `${named.by} names ${relative(appDir, named.path)}, ${lacks}`;
  }
  // It may be what an earlier build made of other sources.
  const made = tsconfig && found.find((path) => isMade(path, tsconfig));
  return made && `${relative(appDir, made)} is made of TypeScript`;
}

function isMade(path: string, tsconfig: Tsconfig): boolean {
  return (
    isOutput(path, tsconfig) || ['ts', 'tsx'].some((suffix) => existsSync(path.replace(/(?<=\.[cm]?)jsx?$/, suffix)))
  );
}

/** Whether it lies in the folder of the compiler's output, and that is one. */
function isOutput(path: string, { path: tsconfig, outDir }: Tsconfig): boolean {
  return outDir !== undefined && outDir !== dirname(tsconfig) && isInside(outDir, path);
}

function ofJavaScript(
  why: string,
  found: {
    readonly manifests: readonly Manifest[];
    readonly tsconfig: Tsconfig | undefined;
    readonly named: NamedModule | undefined;
  },
): Making | undefined {
  const { manifests, tsconfig, named: output } = found;
  // A monorepo's own makes what packages need of each other.
  const scripted = manifests.findLast(({ scripts }) => scripts[BUILD_SCRIPT] !== undefined);
  if (scripted !== undefined) return { scripts: { why, folders: [scripted.folder] }, compiler: undefined, output };
  return tsconfig && { scripts: undefined, compiler: { why, tsconfig, inputs: undefined }, output };
}
