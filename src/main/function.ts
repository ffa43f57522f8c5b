import { describeError, describeThrown, FnError, messageOf } from '../base/error.ts';
import { createLog, type Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import { frameworkAliases, installAliases } from '../framework/alias.ts';
import { createApplication } from '../framework/application.ts';
import type { OpenFunctionContext } from '../framework/context/types.ts';
import type { FunctionServer } from '../framework/http/server.ts';
import { loadModule, type LoadedModule } from '../framework/loader.ts';
import { readPlatform } from '../framework/platform.ts';
import { parsePort, readOptions, renderHelp, type Defaults, type Options } from '../framework/options.ts';

/** By a name of its own: the bundler would take the modules beside this one for assets. */
const HERE = import.meta.url;

/** The exit code of a process whose code threw outside any request, as upstream has it. */
const UNCAUGHT = 16;

/** Serves functions until SIGTERM: what the rendered main of an image and the package's commands call. */
export async function main(defaults: Defaults = {}): Promise<void> {
  const log = createLog(process.stderr);
  const args = process.argv.slice(2);
  try {
    if (args[0] === '-h' || args[0] === '--help') {
      process.stderr.write(renderHelp());
      return;
    }
    const options = readOptions({ env: process.env, flags: await readFlags(args), cwd: process.cwd() }, defaults);
    installAliases(frameworkAliases(new URL('../framework/', HERE)));
    const functionContext = await readContext(options, log);
    const loaded = await loadModule(options);
    for (const warning of loaded.warnings) log.warn(warning);
    const production = process.env['NODE_ENV'] === 'production';
    const platform = readPlatform(process.env);
    const app = await createApplication(loaded, {
      ...options,
      functionContext,
      platform,
      tracer: undefined,
      production,
      log,
      usage,
    });
    await init(loaded);
    if (options.logExecutionId) await labelLogs(app);
    stopOnSignal(app, options.shutdownTimeout, log);
    blameOnFailure(app, options.shutdownTimeout, log);
    const port = await app.listen(portOf(options, functionContext));
    if (!production) announce(loaded, port, functionContext);
  } catch (error) {
    process.stderr.write(`${describeError(error)}\nCould not load the function, shutting down.\n`);
    process.exit(1);
  }
}

/** Without flags, which is how images start, the parser is not even loaded. */
async function readFlags(args: readonly string[]): Promise<Environment> {
  if (args.length === 0) return {};
  const { parseFlags } = await import('../framework/flags.ts');
  return parseFlags(args);
}

/** In the server's own file: where OpenFunction runs functions, all of them have a context. */
async function readContext({ context, contextV1beta2 }: Options, log: Log): Promise<OpenFunctionContext | undefined> {
  if (context === undefined && contextV1beta2 === undefined) return undefined;
  const { normalizeContext } = await import(/* webpackMode: "eager" */ '../framework/context/normalize.ts');
  const normalized = normalizeContext(context, contextV1beta2);
  for (const warning of normalized.warnings) log.warn(warning);
  return normalized.context;
}

function usage(): { residentBytes: number; cpuSeconds: number } {
  const { user, system } = process.cpuUsage();
  return { residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 };
}

/** Flag, then PORT, then the function context, then 8080. */
function portOf({ port }: Options, context: OpenFunctionContext | undefined): number {
  return port ?? (context?.port === undefined ? 8080 : parsePort(context.port, 'the port of FUNC_CONTEXT'));
}

async function init({ lifecycle, modulePath }: LoadedModule): Promise<void> {
  try {
    await lifecycle.init?.();
  } catch (error) {
    throw new FnError(`Couldn't initialise the function: "init" of ${modulePath} failed: ${messageOf(error)}`, {
      code: 'OFN-FUNC-INIT',
      hint: 'Correct what "init" does, or give it the environment it needs; the server does not start without it.',
      cause: error,
    });
  }
}

async function labelLogs(app: FunctionServer): Promise<void> {
  const { labelOutput } = await import('../framework/log/execution-log.ts');
  labelOutput(process.stdout, app.current);
  labelOutput(process.stderr, app.current, 'ERROR');
}

/** SIGTERM and SIGINT let requests in flight finish; a second signal ends at once. */
function stopOnSignal(app: FunctionServer, grace: number, log: Log): void {
  const stop = (): void => {
    if (app.draining) process.exit(1);
    void end(app, grace, log, 0);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/**
 * What a request's code throws outside its promise fails that request alone. What belongs to no request ends the process,
 * after the requests in flight.
 */
function blameOnFailure(app: FunctionServer, grace: number, log: Log): void {
  const onFailure = (error: unknown): void => {
    if (app.blame(error)) return;
    log.error(describeThrown(error));
    if (app.draining) process.exit(UNCAUGHT);
    void end(app, grace, log, UNCAUGHT);
  };
  process.on('uncaughtException', onFailure).on('unhandledRejection', onFailure);
  process.on('exit', (code) => app.abandon(`Process exited with code ${code}`));
}

async function end(app: FunctionServer, grace: number, log: Log, code: number): Promise<void> {
  try {
    const finished = await app.close(grace);
    if (!finished) log.warn(`Requests were still in flight ${grace / 1000} s after the signal; they were cut off.`);
    process.exit(code);
  } catch (error) {
    log.error(`Couldn't shut the function down: ${describeThrown(error)}`);
    process.exit(1);
  }
}

function announce({ functions }: LoadedModule, port: number, context: OpenFunctionContext | undefined): void {
  const inputs = context?.runtime === 'Async' ? Object.keys(context.inputs) : [];
  const lines = [
    'Serving function...',
    `Function: ${functions.map(({ name }) => name).join(', ')}`,
    `Signature type: ${[...new Set(functions.map(({ signatureType }) => signatureType))].join(', ')}`,
    ...(inputs.length === 0 ? [] : [`Inputs: ${inputs.join(', ')}`]),
    `URL: http://localhost:${port}/`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
