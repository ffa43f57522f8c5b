import { parseArgs } from 'node:util';
import { describeError } from '../base/error.ts';
import { createLog, type Log } from '../base/log.ts';
import { loadFunction } from '../framework/loader.ts';
import { OPTIONS, readOptions, type Defaults, type Options } from '../framework/options.ts';
import { startServer, type RunningServer } from '../framework/server.ts';

/** Serves a function until SIGTERM: what the rendered main of an image calls. */
export async function main(defaults: Defaults = {}): Promise<void> {
  try {
    const options = readOptions(
      { env: process.env, flags: readFlags(process.argv.slice(2)), cwd: process.cwd() },
      defaults,
    );
    const { handler, signatureType } = await loadFunction(options);
    const production = process.env['NODE_ENV'] === 'production';
    const log = createLog(process.stderr);
    const server = await startServer({ handler, port: options.port, production, log });
    stopOnSignal(server, options.shutdownTimeout, log);
    if (!production) announce({ ...options, signatureType, port: server.port });
  } catch (error) {
    process.stderr.write(`${describeError(error)}\nCould not load the function, shutting down.\n`);
    process.exit(1);
  }
}

function readFlags(args: readonly string[]): Record<string, string | undefined> {
  const flags = Object.values(OPTIONS).map(({ flag }) => [flag, { type: 'string' }] as const);
  const { values } = parseArgs({ args: [...args], options: Object.fromEntries(flags), strict: false });
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** SIGTERM and SIGINT let requests in flight finish; a second signal ends at once. */
function stopOnSignal(server: RunningServer, grace: number, log: Log): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    void server.close(grace).then((finished) => {
      if (!finished) log.warn(`Requests were still in flight ${grace / 1000} s after the signal; they were cut off.`);
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

function announce({ target, signatureType, port }: Options): void {
  const lines = [
    'Serving function...',
    `Function: ${target}`,
    `Signature type: ${signatureType}`,
    `URL: http://localhost:${port}/`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
