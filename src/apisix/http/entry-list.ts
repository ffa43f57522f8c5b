import { Encoding } from 'flatbuffers';
import { TextEntry } from '../protocol/a6/text-entry.ts';
import { textOf, type Text } from '../protocol/text.ts';
import type { Header } from './header-list.ts';

/** A name and what it came with; undefined for a value that is absent, which is not an empty one. */
export interface Received {
  readonly name: Text;
  readonly value: Uint8Array | undefined;
}

/** How a list of entries is read out of a message. */
export interface ReceivedList {
  readonly length: number;
  /** The entry of an index, read into `entry`. */
  at(index: number, entry: TextEntry): TextEntry | null;
}

/** Reads a list of entries. */
export function receive(list: ReceivedList): Received[] {
  const entry = new TextEntry();
  const received: Received[] = [];
  for (let index = 0; index < list.length; index += 1) {
    if (list.at(index, entry) !== null) received.push({ name: nameOf(entry), value: valueOf(entry) });
  }
  return received;
}

const NOTHING = new Uint8Array();

/** Reads a list of headers. */
export function receiveHeaders(list: ReceivedList): Header[] {
  const entry = new TextEntry();
  const headers: Header[] = [];
  for (let index = 0; index < list.length; index += 1) {
    if (list.at(index, entry) === null) continue;
    const name = nameOf(entry);
    headers.push({ name, key: textOf(name).toLowerCase(), value: valueOf(entry) ?? NOTHING });
  }
  return headers;
}

function nameOf(entry: TextEntry): Text {
  return entry.name(Encoding.UTF16_STRING) ?? '';
}

function valueOf(entry: TextEntry): Uint8Array | undefined {
  const value = entry.value(Encoding.UTF8_BYTES);
  return value instanceof Uint8Array ? value : undefined;
}
