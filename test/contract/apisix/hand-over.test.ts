import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { RunnerClient } from '../../support/apisix/client.ts';
import { startRunner } from '../../support/apisix/runners.ts';

const SAY = [['say', '{"body":"hello"}']] as const;

test('no call is lost while runners take each other’s place', async () => {
  let runner = await startRunner();
  const { path } = runner;
  const over = new AbortController();
  let answered = 0;
  const lost: string[] = [];
  const worker = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const client = await RunnerClient.connect(path).catch((error: unknown) => void lost.push(String(error)));
      if (client === undefined) return;
      const { message } = await client.request(await client.prepare(SAY));
      if ('stop' in message) answered += 1;
      else lost.push(JSON.stringify(message));
      client.socket.end();
    }
  };
  const workers = [1, 2, 3, 4].map(worker);
  for (let reload = 0; reload < 4; reload += 1) {
    const next = await startRunner({ path });
    runner.child.kill('SIGTERM');
    expect((await runner.child.ended).exitCode).toBe(0);
    runner = next;
  }
  over.abort();
  await Promise.all(workers);
  expect(lost).toEqual([]);
  expect(answered).toBeGreaterThan(100);
});

test('calls that the runner has not seen yet when it is told to end are answered, and it is gone within the second', async () => {
  const runner = await startRunner();
  const idle = await Promise.all([1, 2, 3].map(() => runner.connect()));
  const token = await (idle[0] ?? (await runner.connect())).prepare(SAY);
  const { pid } = runner.child;
  process.kill(pid, 'SIGSTOP');
  // The kernel has taken these, and the runner has not.
  const waiting = await Promise.all(
    [1, 2, 3].map(async () => {
      const socket = connect(runner.path);
      await once(socket, 'connect');
      return RunnerClient.over(socket);
    }),
  );
  const calls = [...idle, ...waiting].map((client) => client.request(token));
  runner.child.kill('SIGTERM');
  const started = performance.now();
  process.kill(pid, 'SIGCONT');
  for (const call of calls) expect((await call).message).toMatchObject({ stop: { body: 'hello' } });
  // Those that stay are served on until the time is over.
  expect((await idle[0]?.request(token))?.message).toMatchObject({ stop: { body: 'hello' } });
  expect((await runner.child.ended).exitCode).toBe(0);
  expect(performance.now() - started).toBeLessThan(1000);
  expect(runner.child.output()).not.toContain('cut off');
  expect(() => statSync(runner.path)).toThrow('ENOENT');
});

test('a runner that nobody is connected to ends at once', async () => {
  const runner = await startRunner();
  const started = performance.now();
  runner.child.kill('SIGTERM');
  await runner.child.ended;
  expect(performance.now() - started).toBeLessThan(500);
});
