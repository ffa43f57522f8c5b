import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFolder } from '../base/path-kind.ts';
import type { Log } from '../base/log.ts';
import { appCallbackOf, takeCallbacks } from './application/callbacks.ts';
import { companionOf, healthOf, interceptorsOf, metricsOf } from './application/interceptors.ts';
import { once } from './application/once.ts';
import type { ApplicationOptions } from './application/options.ts';
import { routerOf } from './application/routes.ts';
import type { ServicesOf } from './context/services.ts';
import type { OpenFunctionContext } from './context/types.ts';
import type { AsyncSide } from './dapr/async-side.ts';
import type { Extensions } from './extensions.ts';
import type { Companion } from './http/companion.ts';
import type { Gate } from './http/gate.ts';
import { createFunctionServer, type FunctionServer } from './http/server.ts';
import type { WebSocketSide } from './http/websocket.ts';
import type { Endpoint, Upgrades } from './http/endpoint.ts';
import type { LoadedModule, NamedFunction } from './loader.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Around } from './plugin/hooks.ts';
import { direct, endpointOf, type Run } from './signature/endpoint-of.ts';

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
  const services = once(() => servicesOf(options, extensions, functions.length > 1));
  const messages = await asyncSideOf(functions, context, services, log);
  const answering = messages === undefined || context?.triggers?.http !== undefined ? functions : [];
  const runFor = await runsOf(extensions?.aroundOthers, services);
  const endpoint = (fn: NamedFunction): Promise<Endpoint> =>
    endpointOf(fn, { ...options, services, run: runFor(fn.name) });
  const served = await Promise.all(answering.map(async (fn) => ({ fn, endpoint: await endpoint(fn) })));
  const webSockets = await webSocketsOf(modulePath, lifecycle, options.log);
  const gate = await gateOf(options.companion, () => server.draining);
  const server: FunctionServer = createFunctionServer({
    route: await routerOf(served, messages),
    first: [
      ...(await companionOf(options, functions)),
      ...(await healthOf(options, lifecycle, () => gate?.isOpen ?? !server.draining)),
      ...(await metricsOf(options)),
    ],
    gate,
    interceptors: await interceptorsOf(options, served),
    bodyLimit: options.bodyLimit,
    upgrades: await gatedUpgrades(webSockets ?? upgradesOf(lifecycle), gate),
    takeStream: takeCallbacks(() => appCallbackOf(messages, served, options, { app: server, gate })),
    keepsEnded: options.logExecutionId || options.logFormat === 'json',
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
      const begun = performance.now();
      const finished = await server.close(grace);
      await withinGrace('"shutdown"', lifecycle.shutdown, grace, log);
      // The traces of the last requests get what is left of the grace, or a second of it.
      const left = Math.max(Math.ceil(grace - (performance.now() - begun)), Math.min(grace, 1000));
      await withinGrace('Sending traces', options.tracer?.flush, left, log);
      return finished;
    },
  };
}

/** Waits for something at the end of the process, but no longer than this. */
async function withinGrace(what: string, act: (() => unknown) | undefined, grace: number, log: Log): Promise<void> {
  if (act === undefined) return;
  const { promise, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, grace, 'late');
  const outcome = await Promise.race([act(), promise]);
  clearTimeout(timer);
  if (outcome === 'late') log.warn(`${what} had not ended after ${grace / 1000} s; the process ends without it.`);
}

/** Clients that offer HTTP/2 by an upgrade go on with HTTP/1.1: https://www.rfc-editor.org/rfc/rfc9113#section-3.1 */
function upgradesOf({ upgrade }: Lifecycle): Upgrades | undefined {
  if (upgrade === undefined) return undefined;
  return { accepts: (req) => req.headers.upgrade?.toLowerCase() !== 'h2c', handle: upgrade };
}

/** Functions may be called at once where nothing serves beside them. */
async function gateOf(companion: Companion | undefined, isDraining: () => boolean): Promise<Gate | undefined> {
  if (companion === undefined) return undefined;
  const { gateUntil } = await import(/* webpackChunkName: "keel" */ './http/gate.ts');
  return gateUntil(companion.opened, isDraining);
}

async function gatedUpgrades(upgrades: Upgrades | undefined, gate: Gate | undefined): Promise<Upgrades | undefined> {
  if (upgrades === undefined || gate === undefined) return upgrades;
  const { gateUpgrades } = await import(/* webpackChunkName: "keel" */ './http/companion.ts');
  return gateUpgrades(upgrades, gate);
}

/** What functions with a context need is bundled into one file, by its name: each file costs a millisecond at start. */
async function servicesOf(
  { functionContext, platform, log }: ApplicationOptions,
  extensions: Extensions | undefined,
  hasSeveral: boolean,
): Promise<ServicesOf> {
  const { makeServicesOf } = await import(/* webpackChunkName: "openfunction" */ './context/services.ts');
  return makeServicesOf(functionContext, platform, log, extensions, hasSeveral);
}

/** Plugins of the folder, those that the context lists, and tracing; undefined where there is none. */
async function extensionsOf(modulePath: string, options: ApplicationOptions): Promise<Extensions | undefined> {
  const { functionContext: context, pluginsFolder, source, tracer, logScope, rehearsal = false, log } = options;
  const isNamed = pluginsFolder !== undefined;
  const folder = pluginsFolder ?? join(isFolder(source) ? source : dirname(source), 'plugins');
  const wanted = { prePlugins: context?.prePlugins ?? [], postPlugins: context?.postPlugins ?? [] };
  const isListed = wanted.prePlugins.length + wanted.postPlugins.length > 0;
  if (!isNamed && !isListed && (tracer ?? logScope) === undefined && !existsSync(folder)) return undefined;
  const { loadExtensions } = await import('./extensions.ts');
  return loadExtensions({ context: wanted, folder, isNamed, modulePath, tracer, logScope, rehearsal, log });
}

/** How functions are called that have no context by themselves, by their names. */
async function runsOf(around: Around | undefined, services: () => Promise<ServicesOf>): Promise<(name: string) => Run> {
  if (around === undefined) return () => direct;
  const { runAround } = await import(/* webpackChunkName: "openfunction" */ './signature/run.ts');
  const servicesOf = await services();
  return (name) => runAround(around, servicesOf(name));
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

async function webSocketsOf(
  modulePath: string,
  { websocket }: Lifecycle,
  log: Log,
): Promise<WebSocketSide | undefined> {
  if (websocket === undefined) return undefined;
  const { acceptWebSockets } = await import('./http/websocket.ts');
  return acceptWebSockets(modulePath, websocket, log);
}
