import { join } from 'node:path';
import { FnError } from '../../base/error.ts';
import { writeLayerEnv } from '../../libcnb/layer-env.ts';
import type { Config } from '../config/function.ts';
import { isTaken } from '../dependencies/node-modules.ts';
import { commandOf, type CommandLine, type CommandProject, type ProgramCommand } from './program-command.ts';

/** The processes of an image that a project's own command lines say. */
export interface ProcessCommands {
  /** What serves where no function is named. */
  readonly web: ProgramCommand | undefined;
  /** What runs the tests; undefined for images that are not for tests. */
  readonly test: ProgramCommand | undefined;
}

/** What `npm init` writes where there are no tests yet. */
const NO_TESTS = /^echo\s+"Error: no test specified"\s*&&\s*exit 1$/;
const PLAIN_TESTS: CommandLine = { text: 'node --test', source: 'default' };

/** Works out the command lines of a project; OFN-COMMAND where one is of no use. */
export function processCommands(
  project: CommandProject & {
    readonly commandLine: CommandLine | undefined;
    readonly execEnv: Config['execEnv']['value'];
  },
): ProcessCommands {
  const { commandLine, execEnv, scripts } = project;
  const test = scripts['test']?.trim();
  const hasTests = test !== undefined && !NO_TESTS.test(test);
  const tests = hasTests ? { text: 'npm test', source: '"test" in scripts of package.json' } : PLAIN_TESTS;
  return {
    web: commandLine && commandOf(commandLine, project),
    test: execEnv === 'test' ? commandOf(tests, project) : undefined,
  };
}

/** What is to be told of them: scripts that do not run, where `run`, the build's own, does not have them. */
export function warningsOfCommands(commands: ProcessCommands, run: readonly string[]): readonly string[] {
  return inUse(commands).flatMap(({ line, passedOver }) =>
    passedOver
      .filter((name) => !run.includes(name))
      .map(
        (name) =>
          `"${name}" in scripts of package.json does not run: a process of the image is the one program that ${line.source} says. Run it in the build with BP_NODE_RUN_SCRIPTS=${name}, or let the program do it.`,
      ),
  );
}

/** The programs of packages that the image has to have, sorted. */
export function programsOf(commands: ProcessCommands): readonly string[] {
  const programs = inUse(commands).flatMap(({ program }) => program ?? []);
  return [...new Set(programs)].toSorted();
}

/** Sees to it that node_modules has the programs that processes start. */
export async function requirePrograms(nodeModules: string, commands: ProcessCommands): Promise<void> {
  for (const { line, program } of inUse(commands)) {
    if (program === undefined || (await isTaken(join(nodeModules, '.bin', program)))) continue;
    throw new FnError(
      `Couldn't use the command "${line.text}" from ${line.source}: no installed package has a program ${program}.`,
      {
        code: 'OFN-COMMAND',
        hint: `Add the package that has ${program} to "dependencies" of package.json and update the lock file; those of devDependencies are in images for development and tests alone.`,
      },
    );
  }
}

/** Writes the variables that command lines set for their processes into a layer. */
export async function writeProcessVariables(layerDir: string, { web, test }: ProcessCommands): Promise<void> {
  for (const [process, command] of Object.entries({ web, test })) {
    const changes = Object.entries(command?.env ?? {}).map(([name, value]) => ({
      name,
      value,
      action: 'override' as const,
    }));
    await writeLayerEnv(layerDir, { process }, changes);
  }
}

function inUse({ web, test }: ProcessCommands): readonly ProgramCommand[] {
  return [web, test].filter((command) => command !== undefined);
}
