import { setTimeout as pause } from 'node:timers/promises';
import { FnError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import { connectSidecar, type Sidecar } from '../framework/dapr/sidecar.ts';
import { findExport } from '../framework/exports.ts';
import { answerCompanion, type Companion } from '../framework/http/companion.ts';
import { gateUntil } from '../framework/http/gate.ts';
import { matcherOf } from '../framework/http/path-router.ts';
import { createFunctionServer, type FunctionServer } from '../framework/http/server.ts';
import type { LoadedModule, NamedFunction } from '../framework/loader.ts';
import type { Platform } from '../framework/platform.ts';
import type { Tracer } from '../framework/tracer.ts';
import { hooksOf, type KeelHooks } from '../keel/hooks.ts';
import { createPlugin } from '../keel/plugin.ts';
import { installTransport } from '../keel/process-transport.ts';
import { readKeelSettings, type PluginSettings } from '../keel/settings.ts';
import type { Status } from '../keel/status.ts';

/** What makes the process of a function a plugin of Keel. */
export interface PluginSideOptions {
  readonly env: Environment;
  readonly port: number;
  /** Milliseconds that a failed start is told to those who ask. */
  readonly grace: number;
  readonly platform: Platform;
  readonly production: boolean;
  readonly log: Log;
}

/** The plugin that a process is, and how it comes to know of the process. */
export interface PluginSide {
  readonly companion: Companion;
  /** Takes the hooks of a module, and says what in it can't be as the settings have it. */
  meet(loaded: LoadedModule, tracer: Tracer | undefined): void;
  /** Follows a server that listens. */
  attach(app: FunctionServer): void;
  /** The function may be called. */
  open(): void;
  /** Something went wrong that ends the process. */
  fail(): void;
  /** After a start that failed, says so until its time is up. */
  outlive(error: unknown): Promise<void>;
}

const BODY_LIMIT = 1024 * 1024;

/** Makes it; undefined for a function that is no plugin. */
export function createPluginSide(options: PluginSideOptions): PluginSide | undefined {
  const settings = readKeelSettings(options.env);
  if (settings === undefined) return undefined;
  const { port, grace, production, log } = options;
  const opening = Promise.withResolvers<void>();
  let hooks: KeelHooks = {};
  let app: FunctionServer | undefined;
  let progress: 'STARTING' | 'ACTIVE' | 'FAILED' = 'STARTING';
  const status = (): Status => (progress !== 'FAILED' && app?.draining === true ? 'STOPPING' : progress);
  const plugin = createPlugin({ settings, hooks: () => hooks, status, production, log });
  const companion = { ...plugin, name: 'Keel', bodyLimit: BODY_LIMIT, opened: opening.promise };
  const fail = (): void => {
    progress = 'FAILED';
    opening.reject(new Error('the function failed'));
  };
  // Nobody has to be interested.
  opening.promise.catch(() => {});
  const sidecar = connectSidecar(options.platform);
  let send: Sidecar['call'] = (call) => sidecar.call(call);
  installTransport({
    send: (call) => send(call),
    token: () => app?.current()?.req.headers.authorization,
  });
  return {
    companion,
    meet({ exports, functions }, tracer) {
      if (tracer !== undefined) send = (call) => tracer.send(call, (one) => sidecar.call(one));
      hooks = hooksOf(findExport(exports, 'keel'));
      log.info(`Plugin ${settings.pluginId} of Keel: ${plugin.paths.join(', ')} are not the function's.`);
      warnOfUnserved(settings, functions, log);
    },
    attach(listening) {
      app = listening;
    },
    open() {
      progress = 'ACTIVE';
      opening.resolve();
    },
    fail,
    async outlive(error) {
      fail();
      if (error instanceof FnError && error.code === 'OFN-PORT') return;
      if (app === undefined) await listenFailed(companion, port, { production, log });
      log.info(`Keel is told that the plugin FAILED for ${grace / 1000} s.`);
      await pause(grace);
    },
  };
}

/** Answers for a function that could not even be loaded. */
async function listenFailed(
  companion: Companion,
  port: number,
  policy: { readonly production: boolean; readonly log: Log },
): Promise<void> {
  const server = createFunctionServer({
    route: () => undefined,
    first: [answerCompanion(companion, policy)],
    gate: gateUntil(companion.opened, () => false),
    bodyLimit: BODY_LIMIT,
    ...policy,
  });
  process.on('SIGTERM', () => process.exit(1)).on('SIGINT', () => process.exit(1));
  await server.listen(port);
}

/** The path of a callback has to be that of a function. */
function warnOfUnserved({ mainPlugins }: PluginSettings, functions: readonly NamedFunction[], log: Log): void {
  const takesAll = functions.length === 1 && functions[0]?.options.path === undefined;
  const matchers = functions.map(({ name, options }) => matcherOf(options.path ?? (takesAll ? '/*' : `/${name}`)));
  for (const { endpoint, addon } of mainPlugins.flatMap(({ endpoints }) => endpoints)) {
    const path = `/${endpoint.replace(/^\//, '')}`;
    if (matchers.some((matches) => matches(path))) continue;
    log.warn(`No function has the path ${path}, which Keel is told to call for "${addon}".`);
  }
}
