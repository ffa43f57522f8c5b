import type { ClientRequest } from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { isTable } from '../../base/table.ts';
import type { Pending } from './pending.ts';

/** https://nodejs.org/api/diagnostics_channel.html#http */
const STARTED = 'http.client.request.start';

/**
 * Counts the requests of this process to a port of loopback from the moment they are made: those that nobody awaits have
 * not reached the server yet when the code that made them ends. Gives what stops it.
 */
export function countOutgoing(port: number, pending: Pick<Pending, 'begin'>): () => void {
  const host = `127.0.0.1:${port}`;
  const onStart = (message: unknown): void => {
    if (!isTable(message)) return;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the documented message of this channel
    const request = message['request'] as ClientRequest;
    if (request.getHeader('host') !== host) return;
    request.once('close', pending.begin(`a request ${request.method} ${request.path} to the sidecar`));
  };
  subscribe(STARTED, onStart);
  return () => void unsubscribe(STARTED, onStart);
}
