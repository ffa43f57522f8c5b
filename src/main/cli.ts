import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { imageArchitecture } from '../base/architecture.ts';
import { describeError } from '../base/error.ts';
import { createProgram, type Projects } from '../cli/program.ts';
import type { Terminal } from '../cli/terminal.ts';
import { ownVersion } from './own-version.ts';

const stopping = new AbortController();
let stoppedBy: NodeJS.Signals | undefined;
const onStop: Terminal['onStop'] = (stop) => {
  // A terminal that is closed says SIGHUP, which functions need not know.
  process
    .on('SIGINT', stop)
    .on('SIGTERM', stop)
    .on('SIGHUP', () => stop('SIGTERM'));
};
onStop((signal) => {
  stoppedBy ??= signal;
  stopping.abort();
});

const terminal: Terminal = {
  env: process.env,
  cwd: process.cwd(),
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  platform: process.platform,
  arch: imageArchitecture(process.arch),
  now: () => performance.now(),
  stdout: process.stdout,
  stderr: process.stderr,
  kill: (pid, signal) => void process.kill(pid, signal),
  stopped: stopping.signal,
  onStop,
};

const projects: Projects = {
  execEnvOfFolder: async (folder, variables) => {
    const { execEnvOfProject } = await import('../buildpack/project/project-exec-env.ts');
    return execEnvOfProject(folder, variables);
  },
  planOfFolder: async (folder, variables) => {
    const { planOfProject } = await import('../buildpack/project/project-plan.ts');
    return planOfProject(folder, variables);
  },
  functionOfFolder: async (folder, variables) => {
    const { functionOfProject } = await import('../buildpack/project/project-function.ts');
    return functionOfProject(folder, variables);
  },
  provenanceFacts: async () => {
    const { LOCK_FILES } = await import('../buildpack/managers/choose.ts');
    return { version: ownVersion(import.meta.url), lockFiles: LOCK_FILES };
  },
};

try {
  const program = createProgram(terminal, projects, (exitCode) => {
    process.exitCode = exitCode;
  });
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = 1;
  // A shell tells a signal the same way.
  if (stoppedBy !== undefined) process.exitCode = 128 + constants.signals[stoppedBy];
  else if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else process.stderr.write(`${describeError(error)}\n`);
}
