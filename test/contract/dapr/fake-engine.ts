import { onTestFinished } from 'vitest';
import { startFakeSidecar, type FakeSidecar } from '../../../src/framework/testing.ts';
import type { Engine, Sink, Source } from './engine.ts';

/** The one in memory, which has to do the same. */
export function makeFake(): Engine {
  const { promise, resolve } = Promise.withResolvers<FakeSidecar>();
  const source = (name: string, type: string): Source => ({
    component: { name, type },
    emit: async (payload) => void (await (await promise).trigger(name, payload)),
  });
  const sink = (name: string, type: string): Sink => ({
    component: { name, type, metadata: { direction: 'output' } },
    async last() {
      const data = (await promise).bindingCalls.findLast(({ binding }) => binding === name)?.data;
      return typeof data === 'string' ? data : JSON.stringify(data);
    },
  });
  return {
    brokers: ['pubsub.fake'],
    keepsTrying: false,
    stores: ['state.fake'],
    store: async (name, type) => ({ name, type }),
    timer: (name) => source(name, 'bindings.cron'),
    mqtt: async (name) => source(name, 'bindings.mqtt3'),
    web: async (name) => sink(name, 'bindings.http'),
    file: (name) => sink(name, 'bindings.localstorage'),
    async start({ components, app, others = {}, retries = { attempts: 5, pause: 5 }, ...tokens }) {
      const web = components.find(({ type }) => type === 'bindings.http')?.name;
      const sidecar = await startFakeSidecar({
        components,
        ...tokens,
        retries,
        bindings: web === undefined ? {} : { [web]: () => ({ stored: true }) },
      });
      onTestFinished(() => sidecar.close());
      resolve(sidecar);
      const { url, env } = sidecar;
      return {
        url,
        env,
        async ready() {
          for (const [id, port] of Object.entries(others)) await sidecar.attach({ port }, id);
          await sidecar.attach(app);
        },
      };
    },
  };
}
