import { type AddressInfo, type Server as TcpServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { runFunction } from '../functions-framework.ts';
import type { Knowledge, Reply } from './client.ts';
import type { Fields, TestEntry } from './messages.ts';
import { startRunner, type TestRunner } from './runners.ts';

/** Tells what it was called with, or does what it is asked for. */
const FUNCTION = `
import { setTimeout as pause } from 'node:timers/promises';
export const hello = async (req, res) => {
  if (req.query.do === 'sleep') await pause(Number(req.query.milliseconds));
  if (req.query.do === 'die') return req.socket.destroy();
  if (req.query.do === 'large') return res.send(Buffer.alloc(17 * 1024 * 1024));
  if (req.query.do === 'raw') {
    res.writeHead(418, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Latin', 'caf\\u00e9', 'Connection', 'close']);
    return res.end(Buffer.from([0, 255]));
  }
  res.json({ method: req.method, url: req.url, headers: req.headers, body: req.rawBody?.toString() });
};`;
/** What every client sends. */
export const HEADERS: readonly TestEntry[] = [['host', 'gateway.example:9080']];

/** A function, and a runner whose plugin calls it. */
export async function startBoth() {
  const [served, runner] = await Promise.all([runFunction(FUNCTION, ['--target', 'hello']), startRunner()]);
  return { runner, uri: `http://127.0.0.1:${served.port}` };
}

/** Calls a route of the plugin. */
export async function call(runner: TestRunner, conf: object, request: Fields = {}, knowledge: Knowledge = {}) {
  const client = await runner.connect();
  const token = await client.prepare([['openfunction', JSON.stringify(conf)]]);
  return answerOf(await client.request(token, { headers: HEADERS, ...request }, knowledge));
}

/** A response in the place of the upstream's. */
interface Stop {
  readonly status: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** What the plugin answered with. */
export function answerOf({ message, asked }: Reply) {
  const { status, headers = [], body = '' } = (message['stop'] ?? { status: -1 }) as Stop;
  return { status, headers, body, asked, told: () => JSON.parse(body) as Record<string, unknown> };
}

/** Listens until the test ends, and gives the port. */
export async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
