import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the kernel gives out by itself, so that nobody gets one of these between its choice and its use. */
const LOWEST = 20_000;
const SHARE = 50;
const SHARES = 240;

let taken = 0;

/** A port of the loopback address that nobody listens on, out of those that are this worker's alone. */
export async function ownPort(): Promise<number> {
  const port = LOWEST + (process.pid % SHARES) * SHARE + (taken % SHARE);
  taken += 1;
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!free) return ownPort();
  server.close();
  await once(server, 'close');
  return port;
}
