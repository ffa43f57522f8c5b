import { Encoding } from 'flatbuffers';
import { TextEntry } from '../protocol/a6/text-entry.ts';
import { textOf } from '../protocol/text.ts';
import type { Header } from './header-list.ts';

/** A name and what it came with; undefined for a value that is absent, which is not an empty one. */
export interface Received {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** How a list of entries is read out of a message. */
export interface ReceivedList {
  readonly length: number;
  /** The entry of an index, read into `entry`. */
  at(index: number, entry: TextEntry): TextEntry | null;
}

const NOTHING = new Uint8Array();

/** Reads a list of entries. */
export function receive(list: ReceivedList): Received[] {
  const entry = new TextEntry();
  const received: Received[] = [];
  for (let index = 0; index < list.length; index += 1) {
    if (list.at(index, entry) === null) continue;
    const nameBytes = bytesIn(entry.name(Encoding.UTF8_BYTES)) ?? NOTHING;
    const value = bytesIn(entry.value(Encoding.UTF8_BYTES));
    received.push({ name: textOf(nameBytes), nameBytes, value });
  }
  return received;
}

/** Reads a list of headers. */
export function receiveHeaders(list: ReceivedList): Header[] {
  return receive(list).map(({ name, nameBytes, value }) => {
    return { name, key: name.toLowerCase(), value: value ?? NOTHING, received: nameBytes };
  });
}

function bytesIn(value: string | Uint8Array | null): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}
