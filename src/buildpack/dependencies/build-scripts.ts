import { join, relative } from 'node:path';
import { execa } from 'execa';
import { FnError } from '../../base/error.ts';
import type { Resolved } from '../../base/setting.ts';
import { installInApp, removeInstalled, type InstallPlan } from './app-install.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { BUILDERS_NPM, type ManagerProgram } from '../managers/program.ts';
import { keepingMade, type MadeModules } from './made-modules.ts';
import { isTaken, linkTo } from './node-modules.ts';
import { hasWorkspaces } from '../proof/outside-app.ts';
import type { PackageJson } from '../project/package-json.ts';

const OUTPUT_LIMIT = 16 * 1024 * 1024;
const SHOWN_LINES = 60;
/** A folder beside the layers, and on their file system; it is none, because nothing says what of it. */
const KEPT = 'made-modules';

/** What scripts need to know where nothing is installed. */
type VendoredPlan = Pick<InstallPlan, 'context' | 'log' | 'node' | 'projectDir'>;

/**
 * Runs scripts of package.json, such as a compiler's, before the function is looked for. devDependencies are there for
 * them and gone afterwards: what the image gets is installed anew, so that it is the same with scripts and without. What they
 * made below node_modules is given.
 */
export async function runBuildScripts(
  plan: InstallPlan,
  wanted: Resolved<readonly string[]>,
): Promise<MadeModules | undefined> {
  const folder = plan.projectDir;
  plan.log.info(`Build scripts: ${wanted.value.join(', ')} (from ${wanted.source})`);
  return withDevelopment(plan, async (program) => {
    for (const name of wanted.value) await runScript(plan, program, { name, folder });
  });
}

/** Runs them in an app that brings its node_modules: what scripts need is there, or it is not. */
export async function runVendoredScripts(plan: VendoredPlan, wanted: Resolved<readonly string[]>): Promise<void> {
  if (wanted.value.length === 0) return;
  plan.log.info(`Build scripts: ${wanted.value.join(', ')} (from ${wanted.source})`);
  for (const name of wanted.value) await runScript(plan, BUILDERS_NPM, { name, folder: plan.projectDir });
}

/** Works with devDependencies and the framework installed, which are gone afterwards; gives what it made among them. */
export async function withDevelopment(
  plan: InstallPlan,
  work: (program: ManagerProgram) => Promise<void>,
): Promise<MadeModules | undefined> {
  const { context, dependencies, projectDir } = plan;
  const place = { projectDir, folders: dependencies.folders, keptIn: join(context.layersDir, KEPT) };
  let made: MadeModules | undefined;
  await installInApp(plan, {
    production: false,
    afterwards: async (program) => {
      const framework = join(plan.projectDir, 'node_modules', FRAMEWORK.name);
      // The buildpack's own folder, because it has the types too.
      if (!(await isTaken(framework))) await linkTo(plan.context.buildpackDir, framework);
      made = await keepingMade(place, async () => work(program));
    },
  });
  await removeInstalled(plan);
  return made;
}

/** Sees to it that the project's package.json, which is at `path` of the app, has the scripts that are to be run. */
export function requireScripts(
  wanted: Resolved<readonly string[]>,
  packageJson: PackageJson | undefined,
  path: string,
): void {
  const scripts = packageJson?.scripts ?? {};
  const unknown = wanted.value.find((name) => scripts[name] === undefined);
  if (unknown === undefined) return;
  const known = Object.keys(scripts);
  const named = known.length === 0 ? `Add it to "scripts" of ${path}.` : `Name one of ${known.join(', ')}.`;
  const ofWorkspaces =
    packageJson !== undefined && hasWorkspaces(packageJson)
      ? ` Those of workspaces run by a script there, for example "${unknown}": "npm run ${unknown} --workspaces --if-present".`
      : '';
  throw new FnError(
    `Couldn't build: ${wanted.source} names the script "${unknown}", and ${path} has none of that name.`,
    {
      code: 'OFN-CONFIG',
      hint: `${named}${ofWorkspaces}`,
    },
  );
}

/** A script of a package.json. */
export interface NamedScript {
  readonly name: string;
  /** Absolute folder of the package.json. */
  readonly folder: string;
}

/** Runs a script; what it prints is in the failure, OFN-BUILD-SCRIPT. */
export async function runScript(
  { context, log, node }: Pick<InstallPlan, 'context' | 'log' | 'node'>,
  program: ManagerProgram,
  { name, folder }: NamedScript,
): Promise<void> {
  const [file, ...first] = program.command;
  log.info(`${program.name} run ${name}`);
  const result = await execa(file, [...first, 'run', name], {
    cwd: folder,
    env: { ...(await node.environment()), ...program.env },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    maxBuffer: OUTPUT_LIMIT,
  });
  for (const line of result.all.split('\n')) log.debug(line);
  if (!result.failed) return;
  const output = result.all.trim().split('\n').slice(-SHOWN_LINES).join('\n');
  const manifest = relative(context.appDir, join(folder, 'package.json'));
  throw new FnError(`Couldn't build: the script "${name}" of ${manifest} failed.\n\n${output}`, {
    code: 'OFN-BUILD-SCRIPT',
    hint: 'The output above says where it stops; run the same script in a fresh copy of the project.',
    cause: result.cause,
  });
}
