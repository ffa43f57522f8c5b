import { execa } from 'execa';
import { FnError } from '../base/error.ts';
import { unpackImage } from '../oci/unpack.ts';
import { readVariables } from './build-request.ts';
import { usesEngine, type EngineChoice } from './engine.ts';
import { findHome } from './home.ts';
import { needProcess } from './image-process.ts';
import { needImage } from './image-store.ts';
import { needSandbox, startSandbox } from './sandbox.ts';
import { withScratch } from '../base/scratch.ts';
import type { Terminal } from './terminal.ts';

/** The options of `ofn run`. */
export interface RunOptions {
  readonly port: string;
  readonly env: readonly string[];
  /** The process to start instead of the image's own. */
  readonly process?: string;
  /** Numeric user to run as. */
  readonly user?: string;
  readonly engine: EngineChoice;
}

/** `ofn run`: starts an image's function, its root file system read-only, until it ends or is stopped. */
export async function run(image: string, options: RunOptions, terminal: Terminal): Promise<number> {
  const variables = { ...readVariables(options.env), PORT: readNumber('--port', options.port) };
  const user = options.user === undefined ? undefined : Number(readNumber('--user', options.user));
  const withEngine = await usesEngine(options.engine, terminal);
  const entrypoint =
    options.process === undefined ? undefined : await needProcess(image, options.process, withEngine, terminal);
  return (withEngine ? runInEngine : runInSandbox)({ image, variables, user, entrypoint }, terminal);
}

interface Start {
  readonly image: string;
  readonly variables: Readonly<Record<string, string>> & { readonly PORT: string };
  readonly user: number | undefined;
  /** What is started instead of the image's own entrypoint. */
  readonly entrypoint: string | undefined;
}

async function runInEngine({ image, variables, user, entrypoint }: Start, terminal: Terminal): Promise<number> {
  const env = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const as = user === undefined ? [] : ['--user', String(user)];
  const port = variables.PORT;
  const begin = entrypoint === undefined ? [] : ['--entrypoint', entrypoint];
  const options = ['--rm', '--read-only', '--tmpfs', '/tmp', '--publish', `${port}:${port}`, ...as, ...env, ...begin];
  terminal.stopped.throwIfAborted();
  const child = execa('docker', ['run', ...options, image], {
    env: terminal.env,
    extendEnv: false,
    stdio: ['ignore', 'inherit', 'inherit'],
    reject: false,
    // Ctrl-C reaches a whole process group, and functions take a second signal for impatience.
    detached: true,
  });
  // docker passes signals on to the container and ends with its exit code.
  terminal.onStop((signal) => void child.kill(signal));
  const { exitCode = 1 } = await child;
  return exitCode;
}

async function runInSandbox({ image, variables, user, entrypoint }: Start, terminal: Terminal): Promise<number> {
  await needSandbox(terminal);
  const home = findHome(terminal.env);
  const opened = await needImage(image, home, terminal);
  const [imageUser = 0, imageGroup = imageUser] = opened.config.user.split(':').map(Number);
  const unpacked = await unpackImage(opened, home.layers);
  return withScratch(home.work, 'run', async (scratch) => {
    terminal.stopped.throwIfAborted();
    const sandbox = startSandbox(
      {
        image: unpacked,
        scratch,
        mounts: [],
        env: { ...opened.config.env, ...variables },
        workingDir: opened.config.workingDir,
        user: user ?? imageUser,
        group: user ?? imageGroup,
        writable: false,
        command: entrypoint === undefined ? [...opened.config.entrypoint, ...opened.config.command] : [entrypoint],
      },
      terminal,
    );
    terminal.onStop((signal) => void sandbox.signal(signal));
    for await (const line of sandbox.lines) terminal.stdout.write(`${line}\n`);
    return sandbox.ended;
  });
}

function readNumber(flag: string, text: string): string {
  if (/^\d{1,10}$/.test(text)) return text;
  throw new FnError(`Couldn't start the image: ${flag} "${text}" is not a number.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: `Give ${flag} a number.`,
  });
}
