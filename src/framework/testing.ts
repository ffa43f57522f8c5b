import type { Server } from 'node:http';
import type { Log } from '../base/log.ts';
import { makeServicesOf } from './context/services.ts';
import type { Endpoint } from './http/endpoint.ts';
import { BROWSER_ROUTES, ignoreRoutes } from './http/ignored-routes.ts';
import { routeAll } from './http/router.ts';
import { createFunctionServer } from './http/server.ts';
import type { NamedFunction } from './loader.ts';
import { readOptions } from './options.ts';
import { readPlatform } from './platform.ts';
import { registry, type SignedFunction } from './registry.ts';
import { direct, type SignatureOptions } from './signature/endpoint-of.ts';
import { cloudEventEndpoint, eventEndpoint } from './signature/events.ts';
import { fetchEndpoint, httpEndpoint } from './signature/http.ts';
import { openFunctionEndpoint } from './signature/openfunction.ts';
import { typedEndpoint } from './signature/typed.ts';

export {
  startAsyncFunction,
  type AsyncFunction,
  type AsyncFunctionOptions,
  type Sent,
} from './fake-sidecar/async-function.ts';
export type { AppAddress, BindingOutcome, Outcome } from './fake-sidecar/app-channel.ts';
export type { BindingCall, BindingHandler } from './fake-sidecar/bindings-api.ts';
export type { Delivery, RetryPolicy } from './fake-sidecar/broker.ts';
export type { FakeComponent } from './fake-sidecar/component.ts';
export {
  startFakeSidecar,
  type FakeSidecar,
  type FakeSidecarOptions,
  type PublishOptions,
} from './fake-sidecar/fake-sidecar.ts';
export { runPlugin, type PluginCall, type PluginOutcome } from './plugin/run-plugin.ts';
export type { FakeState, PublishedMessage } from './fake-sidecar/views.ts';
export type { AppHandler } from './fake-sidecar/invoke-api.ts';

/** The function declared under a name; undefined when there is none. */
export function getFunction(name: string): SignedFunction['handler'] | undefined {
  return registry().get(name)?.handler;
}

/**
 * A server, not listening yet, that calls the function declared under a name; made for supertest and its like.
 */
export function getTestServer(name: string): Server {
  const declared = registry().get(name);
  if (declared === undefined) {
    throw new Error(
      `The provided function "${name}" was not registered. Did you forget to require the module that defined it?`,
    );
  }
  const log = consoleLog();
  const options = { ...readOptions({ env: {}, flags: {}, cwd: '/' }), log, production: false };
  const endpoint = endpointNow({ ...declared, name, declared: true }, { ...options, run: direct });
  return createFunctionServer({
    ...options,
    route: routeAll(endpoint),
    interceptors: endpoint.ignoresBrowsers ? [ignoreRoutes(BROWSER_ROUTES)] : [],
  }).server;
}

/** Like `endpointOf`, at once: tests do not mind what is loaded. */
function endpointNow(fn: NamedFunction, options: Omit<SignatureOptions, 'services'>): Endpoint {
  switch (fn.signatureType) {
    case 'http':
      return httpEndpoint(fn, options);
    case 'fetch':
      return fetchEndpoint(fn, options);
    case 'event':
      return eventEndpoint(fn, options);
    case 'cloudevent':
      return cloudEventEndpoint(fn, options);
    case 'typed':
      return typedEndpoint(fn, options);
    default:
      return openFunctionEndpoint(fn, options, makeServicesOf(undefined, readPlatform({}), options.log)(fn.name));
  }
}

function consoleLog(): Log {
  /* oxlint-disable no-console -- where a test's output belongs */
  return {
    debug: () => {},
    info: (line) => console.log(line),
    warn: (line) => console.warn(line),
    error: (line) => console.error(line),
  };
  /* oxlint-enable no-console */
}
