import { Command } from 'commander';
import { BUILDER, collect, engineOption } from './options.ts';
import type { BuildOptions, ProjectFacts } from './build-request.ts';
import type { EngineChoice } from './engine.ts';
import type { ExplainOptions, PlanOfFolder } from './explain-command.ts';
import { addGenerate } from './generate/commands.ts';
import type { FunctionOfFolder } from './generate/served-function.ts';
import type { RunOptions } from './run-command.ts';
import type { Terminal } from './terminal.ts';

type Done = (exitCode: number) => void;

/** What the buildpack says of projects that are not built. */
export interface Projects extends ProjectFacts {
  readonly planOfFolder: PlanOfFolder;
  readonly functionOfFolder: FunctionOfFolder;
}

/** The commands of `ofn`; each is loaded when it is called. `done` gets the exit code. */
export function createProgram(terminal: Terminal, projects: Projects, done: Done): Command {
  const program = new Command('ofn')
    .description('Turns Node.js functions into container images.')
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .exitOverride();
  addBuild(program, terminal, projects, done);
  addRun(program, terminal, done);
  addExplain(program, terminal, projects.planOfFolder, done);
  addEnv(program, terminal, done);
  addGenerate(program, terminal, projects.functionOfFolder, done);
  return program;
}

function addBuild(program: Command, terminal: Terminal, facts: ProjectFacts, done: Done): void {
  program
    .command('build')
    .description('build the function in a folder into an image')
    .argument('[path]', 'folder of the function', '.')
    .requiredOption('-i, --image <name>', 'name of the image')
    .option('-b, --builder <name>', 'builder image', BUILDER)
    .option('-p, --platform <os/arch>', "linux/amd64 or linux/arm64 (default: this machine's)")
    .option('-e, --env <NAME=value>', 'variable for the build, such as FUNC_NAME=hello (repeatable)', collect, [])
    .option('--publish', 'send the image to the registry in its name', false)
    .option('--clear-cache', 'build as if for the first time', false)
    .option('--ca-cert <file>', 'certificates the build trusts as well (default: $NODE_EXTRA_CA_CERTS)')
    .option('--sbom-output-dir <folder>', 'where to write the bills of materials of the image and of its build')
    .option('--provenance <file>', 'write what the image is made from, as SLSA has it; builds without an engine')
    .option('-v, --verbose', 'show all that the tools print', false)
    .addOption(engineOption())
    .action(async (path: string, options: BuildOptions & { engine: EngineChoice }) => {
      const { build } = await import('./build-command.ts');
      done(await build(path, options, terminal, facts));
    });
}

function addRun(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('run')
    .description('start an image, its file system read-only')
    .argument('<image>', 'name of the image')
    .option('-p, --port <number>', 'port to serve on', '8080')
    .option('-e, --env <NAME=value>', 'variable for the function (repeatable)', collect, [])
    .option('--process <type>', "process to start instead of the image's own, such as test")
    .option('-u, --user <uid>', "user to run as instead of the image's own")
    .addOption(engineOption())
    .action(async (image: string, options: RunOptions) => {
      const { run } = await import('./run-command.ts');
      done(await run(image, options, terminal));
    });
}

function addExplain(program: Command, terminal: Terminal, planOfFolder: PlanOfFolder, done: Done): void {
  program
    .command('explain')
    .description('say what a build decided, why, and what would change it')
    .argument('[image or folder]', 'an image, an OCI layout, or the folder of a function that is not built yet', '.')
    .option('-e, --env <NAME=value>', 'variable for the build of the folder (repeatable)', collect, [])
    .option('--against <image or folder>', 'say what differs from another one: decisions, and layers with the reason')
    .option('--json', 'print it as JSON', false)
    .addOption(engineOption())
    .action(async (what: string, options: ExplainOptions) => {
      const { explain } = await import('./explain-command.ts');
      done(await explain(what, options, terminal, planOfFolder));
    });
}

function addEnv(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('env')
    .description('print variables for the build as one that survives every platform')
    .argument('<NAME=value...>', 'the variables')
    .action(async (words: readonly string[]) => {
      const { printEncoded } = await import('./env-command.ts');
      done(printEncoded(words, terminal));
    });
}
