import { Socket, type SocketConstructorOpts } from 'node:net';

/** As much as Node.js reads at once by itself. */
const SIZE = 64 * 1024;

/** Takes the first bytes of memory that the next read writes over. */
export type TakeBytes = (memory: Buffer, length: number) => void;

/**
 * Reads what all connections get into one piece of memory; by itself Node.js allocates a piece for each read.
 * `docs/adr/0040-connections-read-into-one-piece-of-memory.md` says why.
 */
export class SharedReads {
  readonly #memory = Buffer.allocUnsafeSlow(SIZE);

  /** The socket to use in the place of one that a server has accepted with `pauseOnConnect`. */
  readFrom(accepted: Socket, take: TakeBytes): Socket {
    const memory = this.#memory;
    const callback = (length: number): boolean => {
      take(memory, length);
      return true;
    };
    const options: SocketConstructorOpts = { allowHalfOpen: true, onread: { buffer: memory, callback } };
    // Sockets have `onread` from their beginning or not at all, and a server makes those it accepts without.
    const handle: unknown = Reflect.get(accepted, '_handle');
    Reflect.set(accepted, '_handle', null);
    accepted.destroy();
    return new Socket(Object.assign(options, { handle }));
  }
}
