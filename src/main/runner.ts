import { randomInt } from 'node:crypto';
import { createWriteStream, mkdirSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { CommanderError } from 'commander';
import { describeError, describeThrown, FnError, messageOf } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { createRunnerLog, written, type LogStream } from '../apisix/log/runner-log.ts';
import { SHIPPED } from '../apisix/plugins/shipped.ts';
import { findPlugins, type FoundPlugins } from '../apisix/process/find-plugins.ts';
import { OF_RUNNER } from '../apisix/process/loading-hints.ts';
import { createRunnerProgram, type RunFlags } from '../apisix/process/program.ts';
import { readRunnerSettings, type RunnerSettings } from '../apisix/process/settings.ts';
import { byName } from '../apisix/plugins-by-name.ts';
import { createRunner, type Runner } from '../apisix/server/runner.ts';
import { isWithin } from '../apisix/server/within.ts';
import { installAliases } from '../framework/alias.ts';
import { ownVersion } from './own-version.ts';

/** By a name of its own: the bundler would take the modules beside this one for assets. */
const HERE = import.meta.url;
/** The name by which plugins import `definePlugin`. */
const SDK = '@openfunction/functions-framework/apisix';
const LOG_FOLDER = './logs';
const LOG_FILE = `${LOG_FOLDER}/runner.log`;
/** APISIX kills a second after SIGTERM. */
const GRACE = 550;
/** Milliseconds that the last lines have, when the calls have taken all there were. */
const LEAST_TO_WRITE = 60;
const TOKENS = 2 ** 32;

/** Runs plugins until SIGTERM. */
async function run(paths: readonly string[], flags: RunFlags): Promise<void> {
  const settings = readRunnerSettings(process.env);
  const stream = flags.mode === 'prod' ? openLogFile() : process.stdout;
  try {
    await startRunner(paths, flags, settings, stream);
  } catch (error) {
    await isWithin(written(stream), LEAST_TO_WRITE);
    throw error;
  }
}

async function startRunner(
  paths: readonly string[],
  flags: RunFlags,
  settings: RunnerSettings,
  stream: LogStream,
): Promise<void> {
  const log = createRunnerLog(stream, flags.logLevel ?? (flags.mode === 'prod' ? 'warn' : 'info'), () => new Date());
  const plugins = await pluginsOf(paths, log);
  const runner = createRunner({
    plugins,
    log,
    ttl: settings.ttl,
    firstToken: randomInt(1, TOKENS),
    stopOnFirstChange: flags.stopOnFirstChange ?? false,
  });
  watch(runner, log, stream);
  log.warn(`conf cache ttl is ${settings.ttl / 1000} s`);
  await runner.listen(settings.path);
  log.warn(`listening to ${settings.path}`);
}

/** A plugin of the user's takes the place of a shipped one of its name. */
async function pluginsOf(paths: readonly string[], log: Log): Promise<ReturnType<typeof byName>> {
  const all: FoundPlugins[] = [];
  for (const path of paths) all.push(await findPlugins(path, { node: process.execPath, hints: OF_RUNNER }));
  const found = all.flatMap(({ plugins }) => plugins);
  const others = all.flatMap(({ without }) => without);
  if (others.length > 0) log.info(`Modules without a plugin: ${others.join(', ')}`);
  const own = byName(found);
  const shipped = SHIPPED.filter(({ name }) => !own.has(name));
  const replaced = new Set(SHIPPED.map(({ name }) => name));
  const told = [...own.keys()].map((name) => (replaced.has(name) ? `${name} (instead of the shipped one)` : name));
  log.info(`Plugins: ${[...told, ...shipped.map(({ name }) => name)].join(', ')}`);
  return byName([...found, ...shipped]);
}

function openLogFile(): LogStream {
  try {
    mkdirSync(LOG_FOLDER, { recursive: true });
    const stream = createWriteStream(LOG_FILE, { fd: openSync(LOG_FILE, 'a', 0o644) });
    dropWhatFails(stream);
    return stream;
  } catch (error) {
    throw new FnError(`Couldn't open ${LOG_FILE}: ${messageOf(error)}.`, {
      code: 'OFN-CONFIG',
      hint: 'Start the runner in a folder that can be written to, or with "-m dev".',
      cause: error,
    });
  }
}

/** Neither a reader that has left nor a full disk is a reason to keep requests from their answers. */
function dropWhatFails(...streams: readonly Writable[]): void {
  for (const stream of streams) stream.on('error', () => {});
}

/** A signal ends it after the calls in flight, a second one at once; so does what throws outside of any call. */
function watch(runner: Runner, log: Log, stream: LogStream): void {
  let isEnding = false;
  const end = async (code: number): Promise<void> => {
    if (isEnding) process.exit(code);
    isEnding = true;
    const started = performance.now();
    if (!(await runner.close(GRACE))) log.warn('Calls were still in flight; they were cut off.');
    await isWithin(written(stream), Math.max(LEAST_TO_WRITE, GRACE - (performance.now() - started)));
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.warn(`server receive ${signal} and exit`);
      void end(0);
    });
  }
  process.on('unhandledRejection', (error) => log.error(`A promise of nobody failed: ${describeThrown(error)}`));
  process.on('uncaughtException', (error) => {
    log.error(`Something threw outside of any call; the runner ends: ${describeThrown(error)}`);
    void end(1);
  });
}

function version(isLong: boolean): void {
  const more = isLong ? `\nnode ${process.version}\n${process.platform}/${process.arch}` : '';
  process.stdout.write(`version ${ownVersion(HERE)}${more}\n`);
}

/** Does what the arguments say: what the command and the rendered main of an image of plugins call. */
export async function main(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  dropWhatFails(process.stdout, process.stderr);
  try {
    installAliases({ [SDK]: new URL('../apisix/index.js', HERE) });
    await createRunnerProgram({ run, version }).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    // Whatever modules of plugins have started: APISIX waits for the end before it tries again.
    else process.stderr.write(`${describeError(error)}\n`, () => process.exit(1));
  }
}
