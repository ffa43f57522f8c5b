import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Batches, type SendBatch } from '../../../src/tracing/batches.ts';
import { grpcCaller } from '../../../src/tracing/grpc-caller.ts';
import { misused } from '../../../src/tracing/parse.ts';
import { poster } from '../../../src/tracing/post.ts';
import { withRetries } from '../../../src/tracing/retry.ts';
import type { Target } from '../../../src/tracing/target.ts';

const LIMITS = { delay: 5, queue: 3, batch: 2 };

function batches(send: SendBatch<number>) {
  const told: string[] = [];
  return { told, queue: new Batches(send, LIMITS, { warn: (line) => void told.push(line) }) };
}

function target(url: string, timeout = 100): Target {
  return { url: new URL(url), headers: {}, gzip: false, timeout, certificates: {} };
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('losses are told once a minute with their number, and at the end', async () => {
  const { told, queue } = batches(() => Promise.reject(new Error('gone')));
  for (let i = 0; i < 20; i += 1) queue.add(i);
  await queue.flush();
  expect(told).toMatchInlineSnapshot(`
    [
      "More than 3 spans wait to be sent; those beyond are lost.",
      "17 spans were lost by now.",
      "Couldn't send 2 spans, which are lost: gone 19 spans were lost by now.",
      "20 spans were lost in all.",
    ]
  `);
});

test('an early failure hides no overflow; a flush that lasts tells what may be lost', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let attempts = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const { told, queue } = batches(() => ((attempts += 1) === 1 ? Promise.reject(new Error('gone')) : promise));
  queue.add(0);
  await vi.advanceTimersByTimeAsync(10);
  for (let i = 0; i < 5; i += 1) queue.add(i);
  const flushed = queue.flush();
  await vi.advanceTimersByTimeAsync(500);
  resolve();
  await flushed;
  expect(told).toMatchInlineSnapshot(`
    [
      "Couldn't send 1 spans, which are lost: gone",
      "More than 3 spans wait to be sent; those beyond are lost. 2 spans were lost by now.",
      "3 spans were lost by now.",
      "3 spans are not sent yet: they are lost as well if the process ends before.",
    ]
  `);
});

test('a collector that answers by turns costs a line a minute', async () => {
  let attempts = 0;
  const send = () => ((attempts += 1) % 2 === 1 ? Promise.reject(new Error('gone')) : Promise.resolve());
  const { told, queue } = batches(send);
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  for (let i = 0; i < 20; i += 1) {
    queue.add(i);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(told).toEqual(["Couldn't send 1 spans, which are lost: gone"]);
});

test.each([Number.NaN, -1, 0])('a pause of %d that a collector asks for is not one', async (after) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let attempts = 0;
  const attempt = () =>
    Promise.resolve({ failure: (attempts += 1) === 1 ? 'busy' : undefined, mayRepeat: true, after });
  const sent = withRetries(attempt, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(700);
  expect(attempts).toBe(1);
  await vi.advanceTimersByTimeAsync(600);
  await sent;
});

test('what a collector asks for by Retry-After is waited for a minute at most', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    return attempts === 1
      ? { failure: 'busy', mayRepeat: true, after: 86_400_000 }
      : { failure: undefined, mayRepeat: false };
  };
  const sent = withRetries(attempt, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(60_000);
  await sent;
  expect(attempts).toBe(2);
});

test('credentials of a collector are in no line', async () => {
  const port = await listening(createServer((_req, res) => void res.writeHead(400).end()));
  const { failure } = await poster(
    target(`http://user:secret@127.0.0.1:${port}/v1/traces?key=secret`),
    'x/y',
  )(Buffer.of(1));
  expect(failure).toBe(`http://127.0.0.1:${port}/v1/traces answered 400.`);
  expect(misused('URL', 'tcp://user:secret@host', 'is no URL').message).not.toContain('secret');
});

test.each([
  ['ftp://user:p@ss/word@host/x?key=secret', 'ftp://host/x'],
  ['user:p@ss/word@ho st', 'ho st'],
  ['//user:p@ss@host?key=secret', '//host'],
])('%s is told of as %s', (raw, shown) => {
  expect(misused('URL', raw, 'is no URL').message).toBe(`Couldn't use URL: "${shown}" is no URL.`);
});

test('a connection that says nothing is given up', async () => {
  let sessions = 0;
  const server = createHttp2Server();
  server.on('session', () => (sessions += 1)).on('stream', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const call = grpcCaller(target(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 50));
  for (let i = 0; i < 2; i += 1) expect(await call('/a/b', [Buffer.of()])).toMatchObject({ mayRepeat: true });
  expect(sessions).toBe(2);
});
