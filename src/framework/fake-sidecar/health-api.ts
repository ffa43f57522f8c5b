import { ApiError } from './api-error.ts';
import { jsonAnswer, NO_CONTENT, type ApiRoute } from './api.ts';
import type { AppAddress, Subscription } from './app-channel.ts';
import type { FakeComponent } from './component.ts';

/** What the sidecar tells of itself. */
export interface Status {
  readonly appId: string;
  readonly components: readonly FakeComponent[];
  /** Undefined as long as no app is attached. */
  readonly app: () => AppAddress | undefined;
  readonly subscriptions: () => readonly Subscription[];
}

/** https://docs.dapr.io/reference/api/health_api/ and https://docs.dapr.io/reference/api/metadata_api/ */
export function healthRoutes({ appId, components, app, subscriptions }: Status): ApiRoute[] {
  const extended: Record<string, string> = { daprRuntimeVersion: VERSION };
  return [
    {
      methods: 'GET',
      path: /^\/v1\.0\/healthz$/,
      handle({ query }) {
        if (app() === undefined) throw new ApiError(500, 'ERR_HEALTH_NOT_READY', 'dapr is not ready: [app]');
        if (!query.has('appid') || query.get('appid') === appId) return NO_CONTENT;
        throw new ApiError(500, 'ERR_HEALTH_APPID_NOT_MATCH', 'dapr app-id does not match');
      },
    },
    { methods: 'GET', path: /^\/v1\.0\/healthz\/outbound$/, handle: () => NO_CONTENT },
    {
      methods: 'GET',
      path: /^\/v1\.0\/metadata$/,
      handle() {
        const { port, protocol = 'http' } = app() ?? {};
        const properties = { port, protocol, channelAddress: '127.0.0.1' };
        return jsonAnswer({
          id: appId,
          runtimeVersion: VERSION,
          components: components.map(({ name, type }) => ({ name, type, version: 'v1' })),
          extended,
          subscriptions: subscriptions().map(rowOf),
          ...(port === undefined ? {} : { appConnectionProperties: properties }),
          actorRuntime: { runtimeStatus: 'DISABLED', hostReady: false },
        });
      },
    },
    {
      methods: 'PUT',
      path: /^\/v1\.0\/metadata\/([^/]+)$/,
      handle({ body }, [name = '']) {
        extended[name] = body.toString();
        return NO_CONTENT;
      },
    },
  ];
}

/** The version whose behaviour is faked. */
const VERSION = '1.16.5';

function rowOf({ pubsub, topic, metadata, path, deadLetterTopic = '' }: Subscription): object {
  const row = { pubsubname: pubsub, topic, rules: [{ path }], deadLetterTopic, type: 'PROGRAMMATIC' };
  return Object.keys(metadata).length === 0 ? row : { ...row, metadata };
}
