import { setImmediate as turn } from 'node:timers/promises';
import type { Connection } from './connection.ts';

/** The connections that there are. */
export class ConnectionSet {
  readonly #all = new Set<Connection>();
  #emptied: PromiseWithResolvers<void> | undefined;

  add(connection: Connection): void {
    this.#all.add(connection);
  }

  delete(connection: Connection): void {
    this.#all.delete(connection);
    if (this.#all.size === 0) this.#emptied?.resolve();
  }

  /** Answers the calls that have waited for longer than they may, at this time. */
  expire(now: number): void {
    for (const connection of this.#all) connection.expire(now);
  }

  /** Waits until none is left of those that there are and those that the kernel has taken for us. */
  async empty(): Promise<void> {
    // The first turn may be the rest of this one; by the second the loop has asked the kernel.
    await turn();
    await turn();
    if (this.#all.size === 0) return;
    this.#emptied = Promise.withResolvers();
    await this.#emptied.promise;
  }

  /** Closes all at once; whether none of them had anything in flight. */
  destroy(): boolean {
    const all = [...this.#all];
    const isIdle = all.every((connection) => connection.isIdle);
    for (const connection of all) connection.destroy();
    return isIdle;
  }
}
