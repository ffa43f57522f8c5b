import { execa } from 'execa';
import { FnError } from '../base/error.ts';
import type { Terminal } from './terminal.ts';

/** How a program ended. */
export interface Ended {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, or until the user stops it; OFN-CLI-PROGRAM when it is not installed. */
export async function runProgram(program: string, args: readonly string[], terminal: Terminal): Promise<Ended> {
  const result = await execa(program, args, { ...from(terminal), reject: false });
  terminal.stopped.throwIfAborted();
  if (result.code === 'ENOENT') throw missing(program);
  return { ok: !result.failed, stdout: result.stdout, stderr: result.stderr };
}

/** Runs a program and hands each line it prints to `onLine`; gives whether it succeeded. */
export async function streamProgram(
  program: string,
  args: readonly string[],
  terminal: Terminal,
  onLine: (line: string) => void,
): Promise<boolean> {
  const child = execa(program, args, { ...from(terminal), all: true, buffer: false, reject: false });
  for await (const line of child.iterable({ from: 'all' })) onLine(line);
  const result = await child;
  terminal.stopped.throwIfAborted();
  if (result.code === 'ENOENT') throw missing(program);
  return !result.failed;
}

function from({ env, stopped }: Terminal): {
  env: Terminal['env'];
  extendEnv: false;
  stdin: 'ignore';
  cancelSignal: AbortSignal;
} {
  return { env, extendEnv: false, stdin: 'ignore', cancelSignal: stopped };
}

function missing(program: string): FnError {
  return new FnError(`Couldn't run ${program}: it is not installed.`, {
    code: 'OFN-CLI-PROGRAM',
    hint: `Install ${program} and have it on PATH; in this project's repository "make tools" does.`,
  });
}
