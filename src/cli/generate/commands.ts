import type { Command } from 'commander';
import { BUILDER, collect, engineOption } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import type { GenerateKind, GenerateOptions } from './generate-command.ts';
import type { FunctionOfFolder } from './served-function.ts';
import { OWN_STRATEGY } from './strategy.ts';

/** One of the commands, with what only those that build have. */
interface Row {
  readonly kind: GenerateKind;
  readonly description: string;
  /** The folder that is read instead of the image, unless another one is named. */
  readonly source?: string;
  readonly builds: boolean;
  /** What variables are for. */
  readonly env: string;
}

const OF_BUILDS = { builds: true, env: 'variable for the build' } as const;
const OF_IMAGES = { builds: false, env: 'variable of the build by which the folder is read' } as const;

const ROWS: readonly Row[] = [
  { kind: 'function', description: 'print the Function of OpenFunction, as YAML', ...OF_BUILDS },
  { kind: 'build', description: 'print the Build of Shipwright and a BuildRun, as YAML', source: '.', ...OF_BUILDS },
  { kind: 'knative', description: 'print the Service of Knative, as YAML', ...OF_IMAGES },
  { kind: 'openapi', description: 'print the OpenAPI description of what requests call, as YAML', ...OF_IMAGES },
];

/** `ofn generate` and its commands; `done` gets the exit code. */
export function addGenerate(
  program: Command,
  terminal: Terminal,
  functionOfFolder: FunctionOfFolder,
  done: (exitCode: number) => void,
): void {
  const generateCommand = program.command('generate').description('print resources for a cluster');
  for (const row of ROWS) {
    const command = generateCommand
      .command(row.kind)
      .description(row.description)
      .argument('<image>', 'name of the image')
      .option('-n, --name <name>', "the resource's name (default: the function's)")
      .option('-s, --source <folder>', 'folder of the function, to read instead of the image', row.source)
      .option('-e, --env <NAME=value>', `${row.env}, such as FUNC_NAME=hello (repeatable)`, collect, [])
      .option('--registry-secret <name>', "secret with the credentials of the image's registry")
      .addOption(engineOption());
    if (row.builds) addBuildOptions(command);
    if (row.kind === 'build') command.option('--cache <claim>', 'PersistentVolumeClaim that keeps the cache');
    command.action(async (image: string, options: GenerateOptions) => {
      const { generate } = await import('./generate-command.ts');
      done(await generate(row.kind, image, options, terminal, functionOfFolder));
    });
  }
}

function addBuildOptions(command: Command): void {
  command
    .option('-b, --builder <name>', `builder image (default: ${BUILDER})`)
    .option('--strategy <name>', 'ClusterBuildStrategy to build with, or BuildStrategy/<name>', OWN_STRATEGY)
    .option('--git-url <url>', "repository of the source (default: git's remote origin)")
    .option('--git-secret <name>', 'secret with the credentials of the repository')
    .option('--revision <name>', "branch, tag or commit (default: the repository's own branch)");
}
