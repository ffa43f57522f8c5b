import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { RunnerClient } from '../../support/apisix/client.ts';
import { makeFolder } from '../../support/workspace.ts';

/** Logs a lot, and takes as long as the route says. */
const NOISY = `export const noisy = { name: 'noisy', async requestFilter({ milliseconds = 0, lines = 1 }, writer, request) {
  for (let i = 0; i < lines; i += 1) request.log.warn('x'.repeat(1000));
  process.stderr.write('on its own');
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  writer.write('done');
} };`;

interface Unread {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly socket: string;
}

/** Starts a runner whose lines nobody reads, and waits until it listens. */
async function startUnread(): Promise<Unread> {
  const path = join(makeFolder({ 'noisy.mjs': NOISY }), 'noisy.mjs');
  const socket = join(makeFolder(), 'runner.sock');
  const env = { ...process.env, APISIX_LISTEN_ADDRESS: `unix:${socket}` };
  const child = spawn('node', [artefact('bin/ofn-runner.js'), 'run', path], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await expect.poll(() => existsSync(socket), { timeout: 10_000 }).toBe(true);
  return { child, socket };
}

/** Its last lines wait for a reader, but not for long. */
async function expectToEnd(child: Unread['child']): Promise<void> {
  const started = performance.now();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(performance.now() - started).toBeLessThan(1000);
}

test('nobody has to read what is logged', async () => {
  // Its pipe is full soon, as that of an APISIX that is busy.
  const { child, socket } = await startUnread();
  const client = await RunnerClient.connect(socket);
  const token = await client.prepare([['noisy', '{"lines":1000}']]);
  for (const _ of [1, 2, 3]) expect((await client.request(token)).message).toMatchObject({ stop: { body: 'done' } });
  await expectToEnd(child);
});

test('calls live on when the reader of what is logged has left', async () => {
  const { child, socket } = await startUnread();
  const [slow, other] = await Promise.all([RunnerClient.connect(socket), RunnerClient.connect(socket)]);
  const tokens = [
    await slow.prepare([['noisy', '{"milliseconds":300}']]),
    await other.prepare([['noisy', '{}']]),
  ] as const;
  child.stdout.destroy();
  child.stderr.destroy();
  const inFlight = slow.request(tokens[0]);
  // Each line fails anew.
  for (const _ of [1, 2]) expect((await other.request(tokens[1])).message).toMatchObject({ stop: { body: 'done' } });
  expect((await inFlight).message).toMatchObject({ stop: { body: 'done' } });
  const last = slow.request(tokens[0]);
  await other.request(tokens[1]);
  const ended = expectToEnd(child);
  expect((await last).message).toMatchObject({ stop: { body: 'done' } });
  await ended;
});
