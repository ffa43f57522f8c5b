import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Log } from '../base/log.ts';
import type { ServicesOf } from './context/services.ts';
import type { OpenFunctionContext } from './context/types.ts';
import type { AsyncSide } from './dapr/async-side.ts';
import type { StreamHandler } from './dapr/grpc-side.ts';
import type { Extensions } from './extensions.ts';
import type { Interceptor } from './http/exchange.ts';
import type { Usage } from './http/metrics.ts';
import { BROWSER_ROUTES, ignoreRoutes } from './http/ignored-routes.ts';
import { routeAll, type Router } from './http/router.ts';
import { createFunctionServer, type FunctionServer, type ServerOptions } from './http/server.ts';
import type { WebSocketSide } from './http/websocket.ts';
import type { Endpoint, Upgrades } from './http/endpoint.ts';
import type { LoadedModule, NamedFunction } from './loader.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Options } from './options.ts';
import type { Tracer } from './tracer.ts';
import type { Platform } from './platform.ts';
import type { Around } from './plugin/hooks.ts';
import { endpointOf, type Run } from './signature/endpoint-of.ts';

/** What an application needs to know beside its module. */
export interface ApplicationOptions extends Options {
  /** Undefined when the function got none. */
  readonly functionContext: OpenFunctionContext | undefined;
  readonly platform: Platform;
  /** Undefined where nothing is traced. */
  readonly tracer: Tracer | undefined;
  readonly production: boolean;
  /** Nothing is going to be called, as in a build: plugins are not initialised. */
  readonly rehearsal?: boolean;
  readonly log: Log;
  /** What the process has used, for metrics. */
  readonly usage: () => Usage;
}

/** A function and its endpoint. */
interface Served {
  readonly fn: NamedFunction;
  readonly endpoint: Endpoint;
}

/**
 * Puts a module's functions behind a server: routes, health, limits, upgrades and the module's lifecycle. Its `close` also
 * says farewell to WebSockets and awaits the module's own `shutdown`. Only what this module and these options need is
 * loaded.
 */
export async function createApplication(
  { modulePath, functions, lifecycle }: Pick<LoadedModule, 'modulePath' | 'functions' | 'lifecycle'>,
  options: ApplicationOptions,
): Promise<FunctionServer> {
  const { functionContext: context, log } = options;
  const extensions = await extensionsOf(modulePath, options);
  const services = once(() => servicesOf(options, extensions));
  const messages = await asyncSideOf(functions, context, services, log);
  const answering = messages === undefined || context?.triggers?.http !== undefined ? functions : [];
  const signature = { ...options, services, run: await runOf(extensions?.aroundOthers, services, context) };
  const served = await Promise.all(answering.map(async (fn) => ({ fn, endpoint: await endpointOf(fn, signature) })));
  const webSockets = await webSocketsOf(modulePath, lifecycle, options.log);
  const server: FunctionServer = createFunctionServer({
    route: await routerOf(served, messages),
    interceptors: await interceptorsOf(options, lifecycle, served, () => server.draining),
    bodyLimit: options.bodyLimit,
    upgrades: webSockets ?? upgradesOf(lifecycle),
    takeStream: takeCallbacks(() => appCallbackOf(messages, served, options, server)),
    keepsEnded: options.logExecutionId,
    production: options.production,
    log: options.log,
  });
  return {
    ...server,
    get draining() {
      return server.draining;
    },
    async close(grace) {
      webSockets?.drain();
      const finished = await server.close(grace);
      await withinGrace(lifecycle.shutdown, grace, options.log);
      return finished;
    },
  };
}

/** Gives the module's `shutdown` as long as requests in flight had. */
async function withinGrace(shutdown: Lifecycle['shutdown'], grace: number, log: Log): Promise<void> {
  if (shutdown === undefined) return;
  const { promise, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, grace, 'late');
  const outcome = await Promise.race([shutdown(), promise]);
  clearTimeout(timer);
  if (outcome === 'late') log.warn(`"shutdown" had not ended after ${grace / 1000} s; the process ends without it.`);
}

/** Clients that offer HTTP/2 by an upgrade go on with HTTP/1.1: https://www.rfc-editor.org/rfc/rfc9113#section-3.1 */
function upgradesOf({ upgrade }: Lifecycle): Upgrades | undefined {
  if (upgrade === undefined) return undefined;
  return { accepts: (req) => req.headers.upgrade?.toLowerCase() !== 'h2c', handle: upgrade };
}

/** Makes a value when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What functions with a context need is bundled into one file, by its name: each file costs a millisecond at start. */
async function servicesOf(
  { functionContext, platform, log }: ApplicationOptions,
  extensions: Extensions | undefined,
): Promise<ServicesOf> {
  const { makeServicesOf } = await import(/* webpackChunkName: "openfunction" */ './context/services.ts');
  return makeServicesOf(functionContext, platform, log, extensions);
}

/** Plugins of the folder, those that the context lists, and tracing; undefined where there is none. */
async function extensionsOf(modulePath: string, options: ApplicationOptions): Promise<Extensions | undefined> {
  const { functionContext: context, pluginsFolder, source, tracer, rehearsal = false, log } = options;
  const isNamed = pluginsFolder !== undefined;
  const folder = pluginsFolder ?? join(isFolder(source) ? source : dirname(source), 'plugins');
  const wanted = { prePlugins: context?.prePlugins ?? [], postPlugins: context?.postPlugins ?? [] };
  const isListed = wanted.prePlugins.length + wanted.postPlugins.length > 0;
  if (!isNamed && !isListed && tracer === undefined && !existsSync(folder)) return undefined;
  const { loadExtensions } = await import('./extensions.ts');
  return loadExtensions({ context: wanted, folder, isNamed, modulePath, tracer, rehearsal, log });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** How functions are called that have no context by themselves. */
async function runOf(
  around: Around | undefined,
  services: () => Promise<ServicesOf>,
  context: OpenFunctionContext | undefined,
): Promise<Run> {
  if (around === undefined) return (_req, _res, data, call) => call(data);
  const { runAround } = await import(/* webpackChunkName: "openfunction" */ './signature/run.ts');
  return runAround(around, (await services())(context?.name ?? ''));
}

/** Undefined when the function takes no messages. */
async function asyncSideOf(
  functions: readonly NamedFunction[],
  context: OpenFunctionContext | undefined,
  services: () => Promise<ServicesOf>,
  log: Log,
): Promise<AsyncSide | undefined> {
  if (context?.runtime !== 'Async') return undefined;
  const { createAsyncSide } = await import(/* webpackChunkName: "openfunction" */ './dapr/async-side.ts');
  return createAsyncSide(functions, (await services())(context.name), log);
}

/** The paths of Dapr's services of an app. */
const CALLBACK_PATHS = '/dapr.proto.runtime.v1.AppCallback';

/** Takes the sidecar's calls over gRPC, with the code for them loaded when the first comes. */
function takeCallbacks(load: () => Promise<StreamHandler>): NonNullable<ServerOptions['takeStream']> {
  const handler = once(load);
  return (stream, headers, scope) => {
    if (headers[':path']?.startsWith(CALLBACK_PATHS) !== true) return false;
    void handler().then((handle) => handle(stream, headers, scope));
    return true;
  };
}

/** A function that takes no messages tells so, and answers what other applications invoke. */
async function appCallbackOf(
  messages: AsyncSide | undefined,
  served: readonly Served[],
  { platform, bodyLimit: limit, log }: ApplicationOptions,
  app: FunctionServer,
): Promise<StreamHandler> {
  const { createAppCallback } = await import('./dapr/app-callback.ts');
  const { withoutMessages } = await import(/* webpackChunkName: "openfunction" */ './dapr/async-side.ts');
  const server = served.length === 0 ? undefined : app.server;
  const isDraining = (): boolean => app.draining;
  return createAppCallback({ ...(messages ?? withoutMessages(platform)), isDraining, limit, log, server });
}

/** Callbacks of the sidecar come first; a function that takes messages alone answers nothing else. */
async function routerOf(served: readonly Served[], messages: AsyncSide | undefined): Promise<Router> {
  if (messages === undefined) return functionRouter(served);
  return messages.route(served.length === 0 ? undefined : await functionRouter(served));
}

/** One function takes every path, unless it says which; several have one each. */
async function functionRouter(served: readonly Served[]): Promise<Router> {
  const [first] = served;
  if (first !== undefined && served.length === 1 && !hasRoute(first.fn)) return routeAll(first.endpoint);
  const { routeByPath } = await import('./http/path-router.ts');
  return routeByPath(
    served.map(({ fn, endpoint }) => ({
      endpoint,
      path: fn.options.path ?? (served.length === 1 ? '/*' : `/${fn.name}`),
      methods: fn.options.methods?.map((method) => method.toUpperCase()),
    })),
  );
}

function hasRoute({ options }: NamedFunction): boolean {
  return options.path !== undefined || options.methods !== undefined;
}

async function interceptorsOf(
  options: ApplicationOptions,
  lifecycle: Lifecycle,
  served: readonly Served[],
  isDraining: () => boolean,
): Promise<Interceptor[]> {
  const browsers = served.every(({ endpoint }) => endpoint.ignoresBrowsers) ? BROWSER_ROUTES : [];
  const ignored = options.ignoredRoutes ?? browsers;
  return [
    ...(await healthOf(options, lifecycle, isDraining)),
    ...(await metricsOf(options)),
    ...(ignored.length > 0 ? [ignoreRoutes(ignored)] : []),
    ...(await loadLimitsOf(options)),
    ...(options.timeout > 0 ? [(await import('./http/timeout.ts')).limitTime(options.timeout)] : []),
  ];
}

/** A path is taken from the function only where somebody asks for it. */
async function healthOf(
  { healthPath, livenessPath, readinessPath, functionContext }: ApplicationOptions,
  { liveness, readiness }: Lifecycle,
  isDraining: () => boolean,
): Promise<Interceptor[]> {
  const takesMessages = functionContext?.runtime === 'Async';
  const asked = healthPath ?? livenessPath ?? readinessPath ?? liveness ?? readiness;
  if (asked === undefined && !takesMessages) return [];
  const { answerHealth, healthChecks } = await import('./http/health.ts');
  const settings = { healthPath, livenessPath, readinessPath, liveness, readiness, takesMessages };
  return [answerHealth(healthChecks(settings), isDraining)];
}

async function metricsOf({ metricsPath, usage }: ApplicationOptions): Promise<Interceptor[]> {
  if (metricsPath === undefined) return [];
  const { exposeMetrics } = await import('./http/metrics.ts');
  return [exposeMetrics(metricsPath, usage)];
}

async function loadLimitsOf({ maxLoopDelay, maxConcurrency }: ApplicationOptions): Promise<Interceptor[]> {
  if (maxLoopDelay === 0 && maxConcurrency === 0) return [];
  const { limitConcurrency, limitLoopDelay } = await import('./http/load.ts');
  return [
    ...(maxLoopDelay > 0 ? [limitLoopDelay(maxLoopDelay)] : []),
    ...(maxConcurrency > 0 ? [limitConcurrency(maxConcurrency)] : []),
  ];
}

async function webSocketsOf(
  modulePath: string,
  { websocket }: Lifecycle,
  log: Log,
): Promise<WebSocketSide | undefined> {
  if (websocket === undefined) return undefined;
  const { acceptWebSockets } = await import('./http/websocket.ts');
  return acceptWebSockets(modulePath, websocket, log);
}
