import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** Sets a key of a plain object, also one that an assignment would take for something else. */
export function setKey<T>(table: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(table, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    table[key] = value;
  }
}

/** Reads an entry of a `map<string, string>` into `map`: https://protobuf.dev/programming-guides/encoding/#maps */
export function readEntry(reader: Reader, map: Record<string, string>): void {
  let key = '';
  let value = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) key = reader.string();
    else if (tag === 0o22) value = reader.string();
    else reader.skip(tag);
  }
  setKey(map, key, value);
}

/** Writes a `map<string, string>`. */
export function writeMap(writer: Writer, tag: number, map: Readonly<Record<string, string | undefined>>): void {
  for (const entry of Object.entries(map)) writer.message(tag, writeEntry, entry);
}

function writeEntry(writer: Writer, [key, value]: readonly [string, string | undefined]): void {
  if (key) writer.string(0o12, key);
  if (value) writer.string(0o22, value);
}
