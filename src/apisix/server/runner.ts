import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Plugin } from '../plugin.ts';
import { MessageWriter } from '../protocol/message-writer.ts';
import { ConfCache } from './conf-cache.ts';
import { Connection, type ConnectionServices } from './connection.ts';
import { ConnectionSet } from './connection-set.ts';
import { SharedReads } from './shared-reads.ts';
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
  /**
   * Takes no more connections, and serves those there are, and those that the kernel has taken before, until all are closed
   * or so many milliseconds have gone; whether all calls have been answered.
   */
  close(grace: number): Promise<boolean>;
}

const DEADLINE = 56_000;
const LIMIT = 10_000;
/** Milliseconds between two looks for calls that take too long. */
const LOOK = 1000;
/** How often configurations that nobody needs are looked for, in parts of their time. */
const SWEEPS = 10;
/** Milliseconds between two of those looks at most. */
const SELDOM = 3_600_000;

/** Milliseconds that plugins have to free what they hold, when the calls have taken all there were. */
const LEAST_TO_DISPOSE = 30;

/** Makes a runner. */
export function createRunner(options: RunnerOptions): Runner {
  const { plugins, log, ttl, firstToken, deadline = DEADLINE, limit = LIMIT, stopOnFirstChange = false } = options;
  const confs = new ConfCache({ plugins, ttl, limit, firstToken, now: () => performance.now(), log });
  const services: ConnectionServices = { confs, log, deadline, stopOnFirstChange, writer: new MessageWriter() };
  const connections = new ConnectionSet();
  const reads = new SharedReads();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (accepted) => {
    const socket = reads.readFrom(accepted, (chunk, length) => connection.receive(chunk, length));
    const connection = new Connection(socket, services);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  const sweep = setInterval(() => confs.sweep(), Math.min(ttl / SWEEPS, SELDOM)).unref();
  // One look at all calls costs less than a timer for each.
  const look = setInterval(() => connections.expire(performance.now()), Math.min(LOOK, deadline / 4)).unref();
  let published: PublishedSocket | undefined;
  return {
    async listen(path) {
      published = await listenAt(server, path);
      server.on('error', (error) => log.error(`A connection could not be taken: ${messageOf(error)}`));
    },
    async close(grace) {
      const started = performance.now();
      clearInterval(sweep);
      published?.remove();
      await isWithin(connections.empty(), grace);
      clearInterval(look);
      // What has come by now is read in this turn, and answered.
      await turn();
      const isDone = connections.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
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
    throw refusal(path, messageOf(error), undefined, error);
  }
  return publish(staging, path);
}
