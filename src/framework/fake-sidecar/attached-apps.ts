import type { AppAddress, AppChannel, BindingOutcome } from './app-channel.ts';
import type { Broker } from './broker.ts';
import { componentsOfKind, namesOfKind, type FakeComponent } from './component.ts';
import { openHttpChannel } from './http-channel.ts';

/** An app that the sidecar calls. */
export interface AttachedApp extends AppAddress {
  readonly channel: AppChannel;
  /** Paths of the input bindings that it listens to, by their names. */
  readonly routes: ReadonlyMap<string, string>;
}

/** The apps of a sidecar. */
export interface AttachedApps {
  /** Undefined when no app has the id. */
  get(id: string): AttachedApp | undefined;
  /** Asks an app for its topics and bindings, as daprd does, and delivers to it from now on. */
  attach(app: AppAddress, id: string): Promise<void>;
  detach(id: string): void;
  detachAll(): void;
  /** Delivers an event of an input binding; rejects when no app listens to it. */
  trigger(binding: string, data: Buffer, metadata: Readonly<Record<string, string>>): Promise<BindingOutcome>;
}

/** Makes them; there are none yet. */
export function makeAttachedApps(
  components: readonly FakeComponent[],
  broker: Broker,
  appToken: string | undefined,
): AttachedApps {
  const apps = new Map<string, AttachedApp>();
  const detach = (id: string): void => {
    broker.unsubscribe(id);
    apps.get(id)?.channel.close();
    apps.delete(id);
  };
  return {
    get: (id) => apps.get(id),
    async attach(app, id) {
      if (apps.has(id)) throw new Error(`An app with the id "${id}" is attached already.`);
      const channel = await openChannel(app, appToken);
      const routes = await routesOf(channel, components);
      const known = namesOfKind(components, 'pubsub');
      const wanted = await channel.subscriptions();
      const subscriptions = wanted.filter(({ pubsub }) => known.has(pubsub));
      broker.subscribe(id, channel, subscriptions);
      apps.set(id, { ...app, channel, routes });
    },
    detach,
    detachAll() {
      for (const id of apps.keys()) detach(id);
    },
    async trigger(binding, data, metadata) {
      const app = [...apps.values()].find(({ routes }) => routes.has(binding));
      const route = app?.routes.get(binding);
      if (app !== undefined && route !== undefined) return app.channel.trigger(binding, route, data, metadata);
      const names = [...apps.values()].flatMap(({ routes }) => Array.from(routes.keys()));
      throw new Error(`No app listens to the input binding "${binding}"; there are: ${names.join(', ') || 'none'}.`);
    },
  };
}

async function openChannel({ port, protocol }: AppAddress, appToken: string | undefined): Promise<AppChannel> {
  if (protocol !== 'grpc') return openHttpChannel(port, appToken);
  const { openGrpcChannel } = await import('./grpc-channel.ts');
  return openGrpcChannel(port, appToken);
}

/** A binding whose direction is said is taken without asking. */
async function routesOf(channel: AppChannel, components: readonly FakeComponent[]): Promise<Map<string, string>> {
  const routes = new Map<string, string>();
  for (const { name, metadata: { direction = '', route = name } = {} } of componentsOfKind(components, 'bindings')) {
    const isInput = direction.split(',').some((one) => one.trim() === 'input');
    if (isInput || (direction === '' && (await channel.listensTo(name, route)))) routes.set(name, route);
  }
  return routes;
}
