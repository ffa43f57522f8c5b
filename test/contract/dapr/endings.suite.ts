import { expect, test } from 'vitest';
import { startCase } from './app.ts';
import type { Engine, Protocol } from './engine.ts';

/** That no message is lost when processes end. */
export function testEndings(makeEngine: () => Engine, protocol: Protocol): void {
  const start = async (attempts = 500) => {
    const engine = makeEngine();
    const component = await engine.store('events', engine.brokers.at(-1) ?? '', true);
    const inputs = { orders: { component, uri: 'orders' } };
    const retries = { components: ['events'], attempts, pause: 20 };
    return startCase(engine, protocol, { inputs, retries, env: { FIRST: 'yes' } });
  };

  test('a message in flight is finished when SIGTERM comes, and later ones wait for the next process', async () => {
    const { app, publish, restart } = await start();
    await publish('events/orders', { do: 'untilSigterm', name: 'a' });
    await app.lines('GOT', 1);
    app.child.kill('SIGTERM');
    expect(await app.lines('DONE', 1)).toEqual(['a']);
    expect(await app.child.ended).toMatchObject({ exitCode: 0 });
    await publish('events/orders', { name: 'b' });
    const next = await restart();
    expect(await next.lines('GOT', 1)).toMatchObject([{ data: { name: 'b' } }]);
  });

  test('a message whose process is killed comes again', async () => {
    const { app, publish, restart } = await start();
    await publish('events/orders', { do: 'untilKilled', name: 'a' });
    await app.lines('GOT', 1);
    app.child.kill('SIGKILL');
    await app.child.ended;
    const next = await restart({ FIRST: 'no' });
    expect(await next.lines('DONE', 1)).toEqual(['a']);
  });

  // A broker in memory forgets a message that fails too often, as daprd's own does.
  if (!makeEngine().keepsTrying) return;
  test('a message that fails more often than it is tried again is not lost', async () => {
    const { app, publish } = await start(2);
    await publish('events/orders', { do: 'fail', name: 'a', times: 3 });
    await publish('events/orders', { do: 'fail', name: 'b', times: 0 });
    const got = await app.lines('GOT', 5);
    expect(got.filter(({ data }) => data.name === 'a')).toHaveLength(4);
  });
}
