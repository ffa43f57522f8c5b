import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { call, listen } from '../../support/apisix/openfunction.ts';
import { startRunner, type TestRunner } from '../../support/apisix/runners.ts';

/** Milliseconds that a machine may be busy with something else, at least in one try of some. */
const BUSY = 100;
const TRIES = 4;

/** The shortest time that a call takes to fail, in milliseconds. */
async function timeToFail(runner: TestRunner, conf: object): Promise<number> {
  const all: number[] = [];
  for (let index = 0; index < TRIES; index += 1) {
    const started = performance.now();
    expect((await call(runner, conf)).status).toBe(503);
    all.push(performance.now() - started);
  }
  return Math.min(...all);
}

/** A function that answers at the speed its path says. */
async function startSlowly(): Promise<string> {
  const server = createServer((req, res) => {
    if (req.url === '/headers') return;
    res.write('a');
    if (req.url !== '/drops') return;
    // Each piece is in time, all of them together are not.
    let left = 8;
    const drops = setInterval(() => {
      left -= 1;
      if (left > 0) res.write('a');
      else res.end();
      if (left <= 0) clearInterval(drops);
    }, 100);
    onTestFinished(() => clearInterval(drops));
  });
  const uri = `http://127.0.0.1:${await listen(server)}`;
  onTestFinished(() => server.closeAllConnections());
  return uri;
}

test.each([
  ['/headers', 100],
  ['/headers', 700],
  ['/body', 300],
])(
  'a function that stands still at %s is given up after %i ms, not before and not much later',
  async (path, timeout) => {
    const [uri, runner] = await Promise.all([startSlowly(), startRunner()]);
    const took = await timeToFail(runner, { function_uri: `${uri}${path}`, timeout });
    expect(took).toBeGreaterThan(timeout - 2);
    expect(took).toBeLessThan(timeout + BUSY);
  },
);

test('the time is that between two pieces of a body, in both directions', async () => {
  const [uri, runner] = await Promise.all([startSlowly(), startRunner()]);
  const answer = await call(runner, { function_uri: `${uri}/drops`, timeout: 400 });
  expect([answer.status, answer.body]).toEqual([200, 'aaaaaaaa']);
  // It takes a large body in portions, with more than the kernel has room for still to come.
  const server = createTcpServer((socket) => {
    let got = 0;
    let portions = 1;
    const more = setInterval(() => {
      portions += 1;
      socket.resume();
    }, 200);
    socket.on('data', (chunk) => {
      got += chunk.length;
      if (portions < 7 && got > portions * PORTION) socket.pause();
      if (got > BODY) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nread');
    });
    socket.on('close', () => clearInterval(more));
    socket.on('error', () => {});
  });
  const conf = { function_uri: `http://127.0.0.1:${await listen(server)}`, timeout: 700 };
  const started = performance.now();
  expect((await call(runner, conf, { method: 2 }, { body: 'x'.repeat(BODY) })).body).toBe('read');
  expect(performance.now() - started).toBeGreaterThan(conf.timeout);
});

const PORTION = 1024 * 1024;
const BODY = 15 * PORTION;

test('a function that never agrees on TLS is given up in time as well', async () => {
  const runner = await startRunner();
  const silent = await listen(createTcpServer((socket) => void socket.on('error', () => {})));
  const conf = { function_uri: `https://127.0.0.1:${silent}`, timeout: 300 };
  const took = await timeToFail(runner, conf);
  expect(took).toBeGreaterThan(conf.timeout - 2);
  expect(took).toBeLessThan(conf.timeout + BUSY);
  expect(await runner.child.printed('Connect Timeout')).toContain('no connection within 300 ms');
});
