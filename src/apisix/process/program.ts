import { Command, Option } from 'commander';
import { LOG_LEVELS, type LogLevel } from '../../base/log.ts';

/** How `ofn-runner run` was called. */
export interface RunFlags {
  readonly mode: 'dev' | 'prod';
  /** The lowest level of lines; that of the mode when it is left out. */
  readonly logLevel?: LogLevel;
  readonly stopOnFirstChange?: boolean;
}

/** What the commands do. */
export interface RunnerCommands {
  readonly run: (paths: readonly string[], flags: RunFlags) => Promise<void>;
  readonly version: (isLong: boolean) => void;
}

const RUN = `Runs the plugins of modules and folders, beside those that every runner has.

Mode dev logs from info on to stdout, mode prod from warn on to ./logs/runner.log.
APISIX_LISTEN_ADDRESS says where to listen; APISIX sets it for the runner that it starts.`;

/** The command line of the runner: https://github.com/openfunction/builder-node/blob/main/docs/apisix.md */
export function createRunnerProgram({ run, version }: RunnerCommands): Command {
  const program = new Command('ofn-runner').description('Runs plugins for Apache APISIX.').exitOverride();
  program
    .command('run')
    .description(RUN)
    .argument('[plugins...]', 'modules, or folders with modules, that export plugins')
    .addOption(new Option('-m, --mode <mode>', 'how to log').choices(['dev', 'prod']).default('dev'))
    .addOption(new Option('--log-level <level>', 'the lowest level of lines').choices(LOG_LEVELS))
    .option(
      '--stop-on-first-change',
      "run no plugin behind one that changes a response, as Apache's runner for Go does",
    )
    .action(run);
  program
    .command('version')
    .description('Tells the version.')
    .option('--long', 'with that of Node.js and the system')
    .action(({ long }: { long?: boolean }) => version(long ?? false));
  return program;
}
