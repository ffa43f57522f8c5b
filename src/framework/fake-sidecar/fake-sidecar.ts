import type { AddressInfo } from 'node:net';
import { payloadOf } from '../dapr/payload.ts';
import { createApiServer } from './api-server.ts';
import type { ApiRoute } from './api.ts';
import type { AppAddress, BindingOutcome } from './app-channel.ts';
import { makeAttachedApps, type AttachedApps } from './attached-apps.ts';
import { bindingRoutes, type BindingCall, type BindingHandler } from './bindings-api.ts';
import { makeBroker, type Broker, type Delivery, type RetryPolicy } from './broker.ts';
import { namesOfKind, type FakeComponent } from './component.ts';
import { healthRoutes } from './health-api.ts';
import { invokeRoutes, type AppHandler } from './invoke-api.ts';
import { countOutgoing } from './outgoing.ts';
import { makePending, type Pending } from './pending.ts';
import { makePublish, publishRoutes, type Publish } from './publish-api.ts';
import { secretRoutes, type Secrets } from './secrets-api.ts';
import { stateRoutes } from './state-api.ts';
import { StateStore } from './state-store.ts';
import { bytesOf, publishedOf, stateOf, type FakeState, type PublishedMessage } from './views.ts';

/** What a fake sidecar has; everything may be left out. */
export interface FakeSidecarOptions {
  /** `app` when it is left out. */
  readonly appId?: string;
  readonly components?: readonly FakeComponent[];
  /** What output bindings answer, by their components' names; others answer nothing. */
  readonly bindings?: Readonly<Record<string, BindingHandler>>;
  /** Apps that can be invoked, by their ids. */
  readonly apps?: Readonly<Record<string, AppHandler>>;
  readonly secrets?: Secrets;
  /** What callers of the API have to send as `dapr-api-token`. */
  readonly apiToken?: string;
  /** What the app is sent as `dapr-api-token`. */
  readonly appToken?: string;
  /** How often a message is delivered that an app wants again: 5 times, 5 ms apart, when it is left out. */
  readonly retries?: Partial<RetryPolicy>;
}

/** How a message is published. */
export interface PublishOptions {
  /** Of the data; when it is left out, that of bytes, of a CloudEvent, or JSON. With it, a text is sent as it is. */
  readonly contentType?: string;
  /** Such as `{ rawPayload: 'true' }`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A Dapr sidecar that is none: it speaks Dapr's HTTP API, and calls apps as daprd does, but has a broker, state stores and
 * bindings in memory. What it does is what daprd 1.16 does: https://docs.dapr.io/reference/api/
 */
export interface FakeSidecar extends AsyncDisposable {
  readonly httpPort: number;
  /** Of its HTTP API, without a slash at the end. */
  readonly url: string;
  /** The variables that tell a function where the sidecar is, and of its tokens. */
  readonly env: Readonly<Record<string, string>>;
  /** Asks an app for its topics and bindings, and delivers to it from now on; its id is the sidecar's when it is left out. */
  attach(app: AppAddress, appId?: string): Promise<void>;
  /** Forgets an app. */
  detach(appId?: string): void;
  /** Publishes as anybody would; what became of the message, for each app that wanted it. */
  publish(pubsub: string, topic: string, data: unknown, options?: PublishOptions): Promise<Delivery[]>;
  /**
   * Has an input binding deliver: a text and bytes as they are, nothing for undefined, anything else as JSON. Rejects when
   * the app does not listen to it.
   */
  trigger(binding: string, data?: unknown, metadata?: Readonly<Record<string, string>>): Promise<BindingOutcome>;
  /** All that was published, dead letters too, in its order. */
  readonly published: readonly PublishedMessage[];
  /** What became of it, in the order of their ends. */
  readonly deliveries: readonly Delivery[];
  /** What was sent to output bindings, in its order. */
  readonly bindingCalls: readonly BindingCall[];
  /** The states of a component. */
  state(store: string): FakeState;
  /** Waits until nothing is delivered or answered any more; rejects after `timeout` milliseconds, 5000 when left out. */
  idle(timeout?: number): Promise<void>;
  /** Forgets what is still to be delivered. */
  close(): Promise<void>;
}

/** All that the parts of a sidecar share. */
interface Parts {
  readonly appId: string;
  readonly options: FakeSidecarOptions;
  readonly components: readonly FakeComponent[];
  readonly pending: Pending;
  readonly broker: Broker;
  readonly publish: Publish;
  readonly stores: ReadonlyMap<string, StateStore>;
  readonly bindingCalls: BindingCall[];
  readonly apps: AttachedApps;
}

const RETRIES: RetryPolicy = { attempts: 5, pause: 5 };
const IDLE_TIMEOUT = 5000;

/** Starts a fake sidecar on a free port of loopback. */
export async function startFakeSidecar(options: FakeSidecarOptions = {}): Promise<FakeSidecar> {
  const parts = makeParts(options);
  const { appId, pending, broker, apps } = parts;
  const server = createApiServer(routesOf(parts), options.apiToken, pending);
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, '127.0.0.1', resolve);
  await listening;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has such an address
  const { port: httpPort } = server.address() as AddressInfo;
  const stopCounting = countOutgoing(httpPort, pending);
  const close = async (): Promise<void> => {
    broker.close();
    stopCounting();
    apps.detachAll();
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    server.closeAllConnections();
    await closed;
  };
  return {
    httpPort,
    url: `http://127.0.0.1:${httpPort}`,
    env: envOf(httpPort, options),
    attach: (app, id = appId) => apps.attach(app, id),
    detach: (id = appId) => apps.detach(id),
    publish: async (pubsub, topic, data, how) => publish(parts, pubsub, topic, data, how),
    trigger: (binding, data, metadata = {}) =>
      pending.track(`an event of ${binding}`, apps.trigger(binding, bytesOf(data), metadata)),
    get published() {
      return broker.messages.map(publishedOf);
    },
    deliveries: broker.deliveries,
    bindingCalls: parts.bindingCalls,
    state: (store) => stateOf(parts.stores, store),
    idle: (timeout = IDLE_TIMEOUT) => pending.idle(timeout),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function makeParts(options: FakeSidecarOptions): Parts {
  const { appId = 'app', bindings = {}, secrets = {}, retries = {} } = options;
  const named = options.components ?? [];
  const implied = [
    ...Object.keys(bindings).map((name) => ({ name, type: 'bindings.fake', metadata: { direction: 'output' } })),
    ...Object.keys(secrets).map((name) => ({ name, type: 'secretstores.fake' })),
  ];
  const components = [...named, ...implied.filter(({ name }) => named.every((one) => one.name !== name))];
  const pending = makePending();
  const broker = makeBroker({ ...RETRIES, ...retries }, pending);
  return {
    appId,
    options,
    components,
    pending,
    broker,
    publish: makePublish(broker, namesOfKind(components, 'pubsub'), appId),
    stores: new Map([...namesOfKind(components, 'state')].map((name) => [name, new StateStore()])),
    bindingCalls: [],
    apps: makeAttachedApps(components, broker, options.appToken),
  };
}

function routesOf({ appId, options, components, broker, publish, stores, bindingCalls, apps }: Parts): ApiRoute[] {
  const { bindings = {}, apps: handlers = {}, secrets = {} } = options;
  return [
    ...publishRoutes(publish, namesOfKind(components, 'pubsub')),
    ...bindingRoutes(namesOfKind(components, 'bindings'), bindings, bindingCalls),
    ...stateRoutes(stores),
    ...secretRoutes(secrets),
    ...healthRoutes({ appId, components, app: () => apps.get(appId), subscriptions: () => broker.subscriptions }),
    ...invokeRoutes((id) => apps.get(id)?.channel, handlers),
  ];
}

function envOf(httpPort: number, { apiToken, appToken }: FakeSidecarOptions): Record<string, string> {
  return {
    DAPR_HOST: '127.0.0.1',
    DAPR_HTTP_PORT: String(httpPort),
    ...(apiToken === undefined ? {} : { DAPR_API_TOKEN: apiToken }),
    ...(appToken === undefined ? {} : { APP_API_TOKEN: appToken }),
  };
}

function publish(
  parts: Parts,
  pubsub: string,
  topic: string,
  data: unknown,
  { contentType, metadata = {} }: PublishOptions = {},
): Promise<Delivery[]> {
  const payload = payloadOf(data);
  const isPlain = contentType !== undefined && typeof data === 'string';
  const bytes = Buffer.from(isPlain ? data : payload.body);
  const type = contentType ?? payload.contentType;
  return Promise.all(parts.publish({ pubsub, topic, bytes, contentType: type, metadata, traceparent: '' }));
}
