import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** A process under test. */
export interface Running {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Waits until it has printed `text`, or has ended, and gives all that it printed. */
  printed(text: string): Promise<string>;
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
  const printed = async (text: string): Promise<string> => {
    const seen = Promise.withResolvers<void>();
    const look = (): void => void (output.includes(text) && seen.resolve());
    changed.add(look);
    look();
    await Promise.race([seen.promise, ended]);
    changed.delete(look);
    return output;
  };
  return { kill: (signal) => void child.kill(signal), printed, ended };
}
