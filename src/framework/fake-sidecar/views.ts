import type { Table } from '../../base/table.ts';
import { parseEnvelope } from './envelope.ts';
import type { Message } from './broker.ts';
import type { StateStore } from './state-store.ts';

/** A message that was published. */
export interface PublishedMessage {
  readonly pubsub: string;
  readonly topic: string;
  /** The payload: that of the CloudEvent, bytes decoded; the bytes of a raw message. */
  readonly data: unknown;
  /** The CloudEvent; undefined for a raw message. */
  readonly event: Readonly<Table> | undefined;
}

/** A message as tests look at it. */
export function publishedOf({ pubsub, topic, bytes }: Message): PublishedMessage {
  const event = parseEnvelope(bytes);
  if (typeof event === 'string' || typeof event['specversion'] !== 'string') {
    return { pubsub, topic, data: bytes, event: undefined };
  }
  const base64 = event['data_base64'];
  const data = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : event['data'];
  return { pubsub, topic, data, event };
}

/** The states of a component, as JSON values by their keys. */
export interface FakeState {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  delete(key: string): void;
  keys(): string[];
}

/** The states of a store; throws an Error when there is no such store. */
export function stateOf(stores: ReadonlyMap<string, StateStore>, name: string): FakeState {
  const store = stores.get(name);
  if (store === undefined) throw new Error(`The fake sidecar has no state store "${name}".`);
  return {
    get(key) {
      const state = store.get(key);
      return state === undefined ? undefined : JSON.parse(state.json);
    },
    set: (key, value) => store.set({ ...UNCONDITIONAL, key, value }),
    delete: (key) => store.delete({ ...UNCONDITIONAL, key }),
    keys: () => store.all().map(({ key }) => key),
  };
}

const UNCONDITIONAL = { etag: '', concurrency: '', metadata: {} };

/** Data of a binding as bytes: a text and bytes as they are, nothing for undefined, anything else as JSON. */
export function bytesOf(data: unknown): Buffer {
  if (data === undefined) return Buffer.alloc(0);
  if (typeof data === 'string' || data instanceof Uint8Array) return Buffer.from(data);
  return Buffer.from(JSON.stringify(data));
}
