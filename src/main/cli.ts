import { CommanderError } from 'commander';
import { describeError } from '../base/error.ts';
import { createProgram } from '../cli/program.ts';
import type { Terminal } from '../cli/terminal.ts';

const terminal: Terminal = {
  env: process.env,
  cwd: process.cwd(),
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  platform: process.platform,
  arch: process.arch === 'x64' ? 'amd64' : process.arch,
  now: () => performance.now(),
  stdout: process.stdout,
  stderr: process.stderr,
  kill: (pid, signal) => void process.kill(pid, signal),
  onStop: (stop) => void process.on('SIGINT', stop).on('SIGTERM', stop),
};

try {
  const program = createProgram(terminal, (exitCode) => {
    process.exitCode = exitCode;
  });
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = 1;
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else process.stderr.write(`${describeError(error)}\n`);
}
