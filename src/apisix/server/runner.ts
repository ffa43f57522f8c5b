import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Plugin } from '../plugin.ts';
import { MessageWriter } from '../protocol/message-writer.ts';
import { ConfCache } from './conf-cache.ts';
import { Connection, type ConnectionServices } from './connection.ts';
import { publish, refusal, stagingPath, type PublishedSocket } from './socket-file.ts';
import { isWithin } from './within.ts';

/** How a runner runs. */
export interface RunnerOptions {
  readonly plugins: ReadonlyMap<string, Plugin>;
  readonly log: Log;
  /** Milliseconds that a configuration is kept after it was asked for the last time. */
  readonly ttl: number;
  /** The first token of a configuration: a random number, so that tokens of a runner before are not known. */
  readonly firstToken: number;
  /** Milliseconds that filters have; APISIX waits for 60 seconds. */
  readonly deadline?: number;
  /** The most configurations that are kept. */
  readonly limit?: number;
  /** Every change of a response keeps the plugins behind from running, as in Apache's runner for Go. */
  readonly stopOnFirstChange?: boolean;
}

/** A runner of plugins. */
export interface Runner {
  /** Listens at the path of a socket; OFN-APISIX-LISTEN. */
  listen(path: string): Promise<void>;
  /** Lets calls end for so many milliseconds, and closes all; whether all have ended. */
  close(grace: number): Promise<boolean>;
}

const DEADLINE = 56_000;
const LIMIT = 10_000;
/** Milliseconds between two looks for calls that take too long. */
const LOOK = 1000;
/** How often configurations that nobody needs are looked for, in parts of their time. */
const SWEEPS = 10;

/** Milliseconds that plugins have to free what they hold, when the calls have taken all there were. */
const LEAST_TO_DISPOSE = 30;

/** Makes a runner. */
export function createRunner(options: RunnerOptions): Runner {
  const { plugins, log, ttl, firstToken, deadline = DEADLINE, limit = LIMIT, stopOnFirstChange = false } = options;
  const confs = new ConfCache({ plugins, ttl, limit, firstToken, now: () => performance.now(), log });
  const services: ConnectionServices = { confs, log, deadline, stopOnFirstChange, writer: new MessageWriter() };
  const connections = new Set<Connection>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = new Connection(socket, services);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  const sweep = setInterval(() => confs.sweep(), ttl / SWEEPS).unref();
  // One look at all calls costs less than a timer for each.
  const look = setInterval(
    () => {
      for (const connection of connections) connection.expire(performance.now());
    },
    Math.min(LOOK, deadline / 4),
  ).unref();
  let published: PublishedSocket | undefined;
  return {
    async listen(path) {
      published = await listenAt(server, path);
      server.on('error', (error) => log.error(`A connection could not be taken: ${messageOf(error)}`));
    },
    async close(grace) {
      clearInterval(sweep);
      clearInterval(look);
      published?.remove();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.drain();
      const started = performance.now();
      const isDone = await isWithin(closed, grace);
      for (const connection of connections) connection.destroy();
      await closed;
      await isWithin(confs.clear(), Math.max(LEAST_TO_DISPOSE, grace - (performance.now() - started)));
      return isDone;
    },
  };
}

async function listenAt(server: Server, path: string): Promise<PublishedSocket> {
  const staging = stagingPath(path);
  try {
    server.listen(staging);
    await once(server, 'listening');
  } catch (error) {
    throw refusal(path, messageOf(error), error);
  }
  return publish(staging, path);
}
