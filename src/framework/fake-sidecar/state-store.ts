import type { Table } from '../../base/table.ts';

/** A state as it is kept. */
export interface StoredState {
  readonly key: string;
  /** In JSON. */
  readonly json: string;
  readonly etag: string;
  /** Milliseconds since 1970; undefined when it does not end. */
  readonly expires: number | undefined;
}

/** A write: https://docs.dapr.io/reference/api/state_api/#save-state */
export interface StateWrite {
  readonly key: string;
  /** Ignored when it is deleted. */
  readonly value?: unknown;
  /** Empty when there is none. */
  readonly etag: string;
  readonly concurrency: string;
  readonly metadata: Table;
}

/** A write that came too late: its etag is not the state's. */
export class EtagMismatch extends Error {
  constructor(why: string) {
    super(`possible etag mismatch. error from state store: ${why}`);
  }
}

/** The states of a component. Etags are the numbers of writes, as in Redis; all methods act at once. */
export class StateStore {
  readonly #states = new Map<string, StoredState>();

  get(key: string): StoredState | undefined {
    const state = this.#states.get(key);
    if (state?.expires === undefined || state.expires > Date.now()) return state;
    this.#states.delete(key);
    return undefined;
  }

  all(): StoredState[] {
    return [...this.#states.keys()].flatMap((key) => this.get(key) ?? []);
  }

  /** Throws an EtagMismatch when it came too late. */
  set(write: StateWrite): void {
    const { key, value, metadata } = write;
    this.#check(write);
    const seconds = Number(metadata['ttlInSeconds'] ?? 0);
    const expires = seconds > 0 ? Date.now() + seconds * 1000 : undefined;
    const etag = String(Number(this.get(key)?.etag ?? 0) + 1);
    this.#states.set(key, { key, json: JSON.stringify(value ?? null), etag, expires });
  }

  /** Throws an EtagMismatch when it came too late. */
  delete(write: StateWrite): void {
    this.#check(write);
    this.#states.delete(write.key);
  }

  /** All writes or none; throws an EtagMismatch when one of them came too late. */
  transact(writes: readonly { readonly operation: 'upsert' | 'delete'; readonly write: StateWrite }[]): void {
    for (const { write } of writes) this.#check(write);
    for (const { operation, write } of writes) {
      const checked = { ...write, etag: '', concurrency: '' };
      if (operation === 'upsert') this.set(checked);
      else this.delete(checked);
    }
  }

  #check({ key, etag, concurrency }: StateWrite): void {
    const current = this.get(key);
    if (etag === '') {
      if (concurrency === 'first-write' && current !== undefined) {
        throw new EtagMismatch('item already exists and no etag was passed');
      }
      return;
    }
    if (current === undefined) throw new EtagMismatch(`state not exist or expired for key=${key}`);
    if (current.etag === etag) return;
    throw new EtagMismatch(`state etag not match for key=${key}: current=${current.etag}, expect=${etag}`);
  }
}
