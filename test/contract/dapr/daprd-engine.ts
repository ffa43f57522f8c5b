import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { startDaprd } from '../../support/daprd.ts';
import type { Spec } from '../../support/dapr-resources.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { ownPort } from '../../support/own-port.ts';
import { startRedis } from '../../support/redis.ts';
import { makeFolder } from '../../support/workspace.ts';
import type { Engine, EngineOptions } from './engine.ts';

/** Milliseconds after which Redis is asked for messages that nobody acknowledged. */
const IMPATIENT = { processingTimeout: '500', redeliverInterval: '500' };

/** The real one, in front of real brokers. */
export const daprd: Engine = {
  brokers: ['pubsub.in-memory', 'pubsub.redis'],
  keepsTrying: true,
  stores: ['state.in-memory', 'state.redis'],
  async store(name, type, impatient = false) {
    if (!type.endsWith('.redis')) return { name, type };
    const { address: redisHost } = await startRedis();
    return { name, type, metadata: { redisHost, ...(impatient ? IMPATIENT : {}) } };
  },
  timer: (name) => ({
    component: { name, type: 'bindings.cron', metadata: { schedule: '@every 1s' } },
    emit: async () => {},
  }),
  async mqtt(name) {
    const broker = await startMosquitto();
    const metadata = { url: broker.url, topic: 'a/topic', consumerID: name, direction: 'input' };
    return {
      component: { name, type: 'bindings.mqtt3', metadata },
      async emit(payload) {
        await broker.subscribed('a/topic');
        await broker.publish('a/topic', payload);
      },
    };
  },
  async web(name) {
    const bodies: string[] = [];
    const server = createServer((req, res) => {
      void (async () => {
        bodies.push(await text(req));
        res.writeHead(200, { 'content-type': 'application/json' }).end('{"stored":true}');
      })();
    });
    onTestFinished(() => server.close().closeAllConnections());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      component: { name, type: 'bindings.http', metadata: { url, direction: 'output' } },
      last: async () => bodies.at(-1) ?? '',
    };
  },
  file(name) {
    const rootPath = makeFolder();
    return {
      component: { name, type: 'bindings.localstorage', metadata: { rootPath, direction: 'output' } },
      last: async () => readFileSync(join(rootPath, 'a.txt'), 'utf8'),
    };
  },
  async start({ components, app, others = {}, retries, ...tokens }) {
    const httpPort = await ownPort();
    return {
      url: `http://127.0.0.1:${httpPort}`,
      env: {
        DAPR_HTTP_PORT: String(httpPort),
        ...(tokens.apiToken === undefined ? {} : { DAPR_API_TOKEN: tokens.apiToken }),
        ...(tokens.appToken === undefined ? {} : { APP_API_TOKEN: tokens.appToken }),
      },
      // Only now that the function listens: daprd looks for an app that speaks gRPC once a second.
      async ready() {
        const own = {
          appId: 'app',
          appPort: app.port,
          appProtocol: app.protocol,
          components,
          flags: { 'dapr-http-port': httpPort },
          ...(retries === undefined ? {} : { resiliency: resiliencyOf(retries) }),
        };
        const sidecars = await Promise.all([
          startDaprd({ ...own, ...tokens }),
          ...Object.entries(others).map(([appId, appPort]) => startDaprd({ appId, appPort })),
        ]);
        await Promise.all(sidecars.map((sidecar) => sidecar.waitReady()));
      },
    };
  },
};

/** https://docs.dapr.io/operations/resiliency/ */
function resiliencyOf({ components, attempts, pause }: NonNullable<EngineOptions['retries']>): Spec {
  const again = { policy: 'constant', duration: `${pause}ms`, maxRetries: attempts - 1 };
  const targets = components.map((name) => [name, { inbound: { retry: 'again' } }]);
  return { policies: { retries: { again } }, targets: { components: Object.fromEntries(targets) } };
}
