import { setKey } from './map.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/**
 * google.protobuf.Struct as a plain object:
 * https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/struct.proto
 */
export type Struct = Readonly<Record<string, unknown>>;

/** Reads a Struct. */
export function readStruct(reader: Reader): Struct {
  const struct: Record<string, unknown> = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) reader.entry(struct, readField);
    else reader.skip(tag);
  }
  return struct;
}

function readField(reader: Reader, struct: Record<string, unknown>): void {
  let key = '';
  let value: unknown = null;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) key = reader.string();
    else if (tag === 0o22) value = reader.message(readValue);
    else reader.skip(tag);
  }
  setKey(struct, key, value);
}

function readValue(reader: Reader): unknown {
  let value: unknown = null;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o21) value = reader.double();
    else if (tag === 0o32) value = reader.string();
    else if (tag === 0o40) value = reader.bool();
    else if (tag === 0o52) value = reader.message(readStruct);
    else if (tag === 0o62) value = reader.message(readList);
    else {
      reader.skip(tag);
      if (tag === 0o10) value = null;
    }
  }
  return value;
}

function readList(reader: Reader): readonly unknown[] {
  const values: unknown[] = [];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) values.push(reader.message(readValue));
    else reader.skip(tag);
  }
  return values;
}

/** Writes the fields of a Struct; as in JSON, undefined is left out, and null where there is no leaving out. */
export function writeStruct(writer: Writer, struct: object): void {
  const entries: [string, unknown][] = Object.entries(struct);
  for (const entry of entries) if (entry[1] !== undefined) writer.message(0o12, writeField, entry);
}

function writeField(writer: Writer, [key, value]: readonly [string, unknown]): void {
  if (key) writer.string(0o12, key);
  writer.message(0o22, writeValue, value);
}

function writeValue(writer: Writer, value: unknown): void {
  if (typeof value === 'string') writer.string(0o32, value);
  else if (typeof value === 'number') writer.double(0o21, value);
  else if (typeof value === 'boolean') writer.bool(0o40, value);
  else if (Array.isArray(value)) writer.message(0o62, writeList, value);
  else if (typeof value === 'object' && value !== null) writer.message(0o52, writeStruct, value);
  else writer.int32(0o10, 0);
}

function writeList(writer: Writer, values: readonly unknown[]): void {
  for (const value of values) writer.message(0o12, writeValue, value);
}
