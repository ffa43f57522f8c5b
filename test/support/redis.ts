import { placeOfBroker } from '../../scripts/brokers.ts';
import { ownPort } from './own-port.ts';
import { end, provided, startServer } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** A Redis that keeps nothing on disk. */
export interface Redis extends AsyncDisposable {
  /** Host and port, as components' `redisHost` wants it. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts a Redis that is gone when the test ends. */
export async function startRedis(): Promise<Redis> {
  const program = provided('redis-server', await placeOfBroker('redis-server'));
  const port = await ownPort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', makeFolder()];
  const child = await startServer(program, args, 'Ready to accept connections');
  const stop = () => end(child, 'SIGKILL');
  return { address: `127.0.0.1:${port}`, stop, [Symbol.asyncDispose]: stop };
}
