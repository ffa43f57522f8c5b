import { describeError, describeThrown, FnError, messageOf } from '../base/error.ts';
import { createLog, type Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import { frameworkAliases, installAliases } from '../framework/alias.ts';
import { createApplication } from '../framework/application.ts';
import { refuseOtherAbi, type BuiltFor } from '../framework/built-for.ts';
import type { OpenFunctionContext, TraceConfig } from '../framework/context/types.ts';
import type { FunctionServer } from '../framework/http/server.ts';
import { loadModule, type LoadedModule, type NamedFunction } from '../framework/loader.ts';
import type { JsonLogs } from '../framework/log/json-logs.ts';
import type { LogSources } from '../framework/log/line.ts';
import { readPlatform, type Platform } from '../framework/platform.ts';
import { readOptions, renderHelp, type Defaults, type Options } from '../framework/options.ts';
import { parsePort } from '../framework/parse-option.ts';
import type { Tracer } from '../framework/tracer.ts';
import { ownVersion } from './own-version.ts';
import type { PluginSide, PluginSideOptions } from './keel.ts';

/** By a name of its own: the bundler would take the modules beside this one for assets. */
const HERE = import.meta.url;

/** The name by which functions import the client of Keel. */
const KEEL = '@openfunction/functions-framework/keel';

/** The exit code of a process whose code threw outside any request, as upstream has it. */
const UNCAUGHT = 16;

/** Serves functions until SIGTERM: what the rendered main of an image and the package's commands call. */
export async function main(defaults: Defaults = {}, builtFor?: BuiltFor): Promise<void> {
  const args = process.argv.slice(2);
  const started: { plugin?: PluginSide | undefined } = {};
  try {
    if (builtFor !== undefined) refuseOtherAbi(builtFor, process.versions);
    if (args[0] === '-h' || args[0] === '--help') process.stderr.write(renderHelp());
    else
      await start(
        readOptions({ env: process.env, flags: await readFlags(args), cwd: process.cwd() }, defaults),
        started,
      );
  } catch (error) {
    process.stderr.write(`${describeError(error)}\nCould not load the function, shutting down.\n`);
    process.exitCode = 1;
    await started.plugin?.outlive(error);
    process.exit(1);
  }
}

/** Loads the function and serves it; `started` is told what has to be ended when that fails. */
async function start(options: Options, started: { plugin?: PluginSide | undefined }): Promise<void> {
  const logs = await jsonLogsOf(options);
  const log = logs?.log ?? createLog(process.stderr, { level: options.logLevel });
  installAliases({ ...frameworkAliases(new URL('../framework/', HERE)), [KEEL]: new URL('../keel/index.js', HERE) });
  await trustCertificates(log);
  const functionContext = await readContext(options, log);
  const production = process.env['NODE_ENV'] === 'production';
  const platform = readPlatform(process.env);
  const port = portOf(options, functionContext);
  const plugin = await pluginOf({ port, grace: options.shutdownTimeout, platform, production, log });
  started.plugin = plugin;
  const loaded = await loadModule(options);
  for (const warning of loaded.warnings) log.warn(warning);
  const tracer = await tracerOf(options, functionContext, loaded, platform, log);
  plugin?.meet(loaded, tracer);
  const app = await createApplication(loaded, {
    ...options,
    functionContext,
    platform,
    tracer,
    logScope: logs?.around,
    production,
    companion: plugin?.companion,
    log,
    usage,
  });
  const sources = { execution: app.execution, span: () => tracer?.current() };
  logs?.bind(sources);
  if (options.logExecutionId) await labelLogs(sources);
  // A plugin of Keel tells that it is starting, so that it listens before.
  if (plugin === undefined) await init(loaded);
  const listening = await serve(app, { ...options, port }, plugin, log);
  if (plugin !== undefined) {
    await init(loaded);
    plugin.open();
  }
  if (!production) announce(loaded, listening, functionContext);
}

/** Before any connection; without bindings, which is how most functions start, nothing is loaded for it. */
async function trustCertificates(log: Log): Promise<void> {
  const root = process.env['SERVICE_BINDING_ROOT'];
  if (!root) return;
  const { trustBoundCertificates } = await import('../framework/certificates.ts');
  trustBoundCertificates(root, log);
}

/** Without an id of a plugin, which is how most functions start, nothing of Keel is loaded. */
async function pluginOf(options: Omit<PluginSideOptions, 'env'>): Promise<PluginSide | undefined> {
  if (!process.env['KEEL_PLUGIN_ID']) return undefined;
  const { createPluginSide } = await import(/* webpackChunkName: "keel" */ './keel.ts');
  return createPluginSide({ ...options, env: process.env });
}

/** Listens, with the process watched. */
async function serve(
  app: FunctionServer,
  { port, shutdownTimeout }: Options & { readonly port: number },
  plugin: PluginSide | undefined,
  log: Log,
): Promise<number> {
  stopOnSignal(app, shutdownTimeout, log);
  blameOnFailure(app, shutdownTimeout, log, plugin);
  const listening = await app.listen(port);
  plugin?.attach(app);
  return listening;
}

async function jsonLogsOf({ logFormat, logLevel }: Options): Promise<JsonLogs | undefined> {
  if (logFormat !== 'json') return undefined;
  const { jsonLogs } = await import('../framework/log/json-logs.ts');
  return jsonLogs({ stdout: process.stdout, stderr: process.stderr, console }, logLevel);
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

/** Tracing is loaded when the function context enables it, or FUNC_TRACING does; variables of OTEL_* alone enable nothing. */
async function tracerOf(
  { tracing: choice }: Options,
  context: OpenFunctionContext | undefined,
  { functions, modulePath }: LoadedModule,
  { podName, podNamespace }: Platform,
  log: Log,
): Promise<Tracer | undefined> {
  const given = context?.pluginsTracing;
  if (choice === 'off' || (choice ?? given?.enabled ?? false) === false) return undefined;
  const isOther = choice !== undefined && given?.provider?.name.toLowerCase() !== choice;
  const config: TraceConfig = { ...given, enabled: true, ...(isOther ? { provider: { name: choice } } : {}) };
  const { openTracer } = await import('../tracing/open-tracer.ts');
  const name = context?.name || functions[0]?.name || 'function';
  const { pid: processId, version: nodeVersion } = process;
  const subject = { name, modulePath, podName, podNamespace, processId, nodeVersion, version: ownVersion(HERE) };
  return openTracer({ config, subject, env: process.env, log });
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

async function labelLogs(sources: LogSources): Promise<void> {
  const { labelOutput } = await import('../framework/log/execution-log.ts');
  labelOutput(process.stdout, sources);
  labelOutput(process.stderr, sources, 'ERROR');
}

/** SIGTERM and SIGINT let requests in flight finish; a second signal ends at once. */
function stopOnSignal(app: FunctionServer, grace: number, log: Log): void {
  const stop = (): void => {
    if (app.draining) process.exit(1);
    void end(app, grace, log, Number(process.exitCode ?? 0));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/**
 * What a request's code throws outside its promise fails that request alone. What belongs to no request ends the process,
 * after the requests in flight.
 */
function blameOnFailure(app: FunctionServer, grace: number, log: Log, plugin: PluginSide | undefined): void {
  const onFailure = (error: unknown): void => {
    if (app.blame(error)) return;
    log.error(describeThrown(error));
    plugin?.fail();
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
  const takesMessages = context?.runtime === 'Async';
  const inputs = takesMessages ? Object.keys(context.inputs) : [];
  const typeOf = ({ declared, signatureType }: NamedFunction): string =>
    takesMessages && !declared ? 'openfunction' : signatureType;
  const lines = [
    'Serving function...',
    `Function: ${functions.map(({ name }) => name).join(', ')}`,
    `Signature type: ${[...new Set(functions.map(typeOf))].join(', ')}`,
    ...(inputs.length === 0 ? [] : [`Inputs: ${inputs.join(', ')}`]),
    `URL: http://localhost:${port}/`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
