import { Command, Option } from 'commander';
import type { BuildOptions } from './build-request.ts';
import type { EngineChoice } from './engine.ts';
import type { RunOptions } from './run-command.ts';
import type { Terminal } from './terminal.ts';

const BUILDER = 'openfunction/builder-node';

/** The commands of `ofn`; each is loaded when it is called. `done` gets its exit code. */
export function createProgram(terminal: Terminal, done: (exitCode: number) => void): Command {
  const program = new Command('ofn')
    .description('Turns Node.js functions into container images.')
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .exitOverride();
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
    .option('-v, --verbose', 'show all that the tools print', false)
    .addOption(engineOption())
    .action(async (path: string, options: BuildOptions & { engine: EngineChoice }) => {
      const { build } = await import('./build-command.ts');
      done(await build(path, options, terminal));
    });
  program
    .command('run')
    .description('start an image, its file system read-only')
    .argument('<image>', 'name of the image')
    .option('-p, --port <number>', 'port to serve on', '8080')
    .option('-e, --env <NAME=value>', 'variable for the function (repeatable)', collect, [])
    .option('-u, --user <uid>', "user to run as instead of the image's own")
    .addOption(engineOption())
    .action(async (image: string, options: RunOptions) => {
      const { run } = await import('./run-command.ts');
      done(await run(image, options, terminal));
    });
  return program;
}

function engineOption(): Option {
  return new Option('--engine <which>', 'docker, none (no daemon), or auto')
    .choices(['auto', 'docker', 'none'])
    .default('auto');
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
