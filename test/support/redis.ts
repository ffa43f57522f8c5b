import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { placeOfBroker } from '../../scripts/brokers.ts';
import { ownPort } from './own-port.ts';
import { end, provided, startServer } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** A Redis that keeps nothing on disk. */
export interface Redis extends AsyncDisposable {
  /** Host and port, as components' `redisHost` wants it. */
  readonly address: string;
  /** Runs a command, such as `GET` or `XREAD`, and gives its reply. */
  command(...words: readonly string[]): Promise<Reply>;
  /** The CloudEvents of a topic, once there are as many. */
  events(topic: string, count: number): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** A reply of Redis: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
type Reply = string | number | null | readonly Reply[];

/** Starts a Redis that listens on an address of this machine and is gone when the test ends. */
export async function startRedis(host = '127.0.0.1'): Promise<Redis> {
  const program = provided('redis-server', await placeOfBroker('redis-server'));
  const port = await ownPort();
  const listen = ['--port', String(port), '--bind', host, '--protected-mode', 'no'];
  const args = [...listen, '--save', '', '--dir', makeFolder()];
  const child = await startServer(program, args, 'Ready to accept connections');
  const stop = () => end(child, 'SIGKILL');
  const command = (...words: readonly string[]): Promise<Reply> => talk(host, port, words);
  return {
    address: `${host}:${port}`,
    command,
    async events(topic, count) {
      const events: Record<string, unknown>[] = [];
      for (let last = '0'; events.length < count;) {
        // [[topic, [[id, [field, value, ...]], ...]]]
        const reply = await command('XREAD', 'BLOCK', '0', 'STREAMS', topic, last);
        const [[, entries]] = reply as [[string, [string, string[]][]]];
        for (const [id, fields] of entries) {
          last = id;
          events.push(JSON.parse(fields[fields.indexOf('data') + 1] ?? ''));
        }
      }
      return events;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Sends one command over a connection of its own. */
async function talk(host: string, port: number, words: readonly string[]): Promise<Reply> {
  const socket = connect(port, host).setEncoding('latin1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(
    [`*${words.length}`, ...words.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]), ''].join('\r\n'),
  );
  const reply = await readReply(socket);
  socket.destroy();
  return reply;
}

async function readReply(socket: Socket): Promise<Reply> {
  let text = '';
  for await (const chunk of socket) {
    text += chunk;
    const parsed = parse(text, 0);
    if (parsed !== undefined) return parsed.reply;
  }
  throw new Error('Redis closed the connection.');
}

/** Undefined while more is to come. */
function parse(text: string, start: number): { readonly reply: Reply; readonly end: number } | undefined {
  const line = text.indexOf('\r\n', start);
  if (line === -1) return undefined;
  const head = text.slice(start + 1, line);
  const end = line + 2;
  switch (text[start]) {
    case '+':
      return { reply: head, end };
    case ':':
      return { reply: Number(head), end };
    case '$': {
      if (head === '-1') return { reply: null, end };
      const size = Number(head);
      if (text.length < end + size + 2) return undefined;
      return { reply: Buffer.from(text.slice(end, end + size), 'latin1').toString(), end: end + size + 2 };
    }
    case '*':
      return parseList(text, end, Number(head));
    default:
      throw new Error(`Redis said: ${head}`);
  }
}

function parseList(text: string, start: number, count: number): ReturnType<typeof parse> {
  const replies: Reply[] = [];
  let end = start;
  while (replies.length < count) {
    const one = parse(text, end);
    if (one === undefined) return undefined;
    replies.push(one.reply);
    ({ end } = one);
  }
  return { reply: replies, end };
}
