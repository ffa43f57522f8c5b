import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** A process under test. */
export interface Running {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Waits until it has printed `text`, or has ended, and gives all that it printed. */
  printed(text: string | RegExp): Promise<string>;
  /** All that it has printed by now. */
  output(): string;
  /** Waits for its end. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly all: string }>;
}

/** Starts a program that is killed when the test ends, unless it has ended by then. */
export function start(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = execa(program, args, { env, all: true, reject: false });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const changed = new Set<() => void>();
  child.all.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    for (const tell of changed) tell();
  });
  const ended = child.then(({ exitCode, all }) => ({ exitCode, all }));
  const printed = async (text: string | RegExp): Promise<string> => {
    const seen = Promise.withResolvers<void>();
    const look = (): void => void (has(output, text) && seen.resolve());
    changed.add(look);
    look();
    await Promise.race([seen.promise, ended]);
    changed.delete(look);
    return output;
  };
  return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), printed, output: () => output, ended };
}

/** Whether a text has another one in it, or a match. */
export function has(text: string, part: string | RegExp): boolean {
  return typeof part === 'string' ? text.includes(part) : part.test(text);
}
