import { MESSAGE_DEPTH, tooDeep } from './reader.ts';

/** What a message is made of: every field may be left out and has its default then. */
export type Init<T> = T extends Buffer
  ? Uint8Array
  : T extends readonly (infer Item)[]
    ? readonly Init<Item>[]
    : T extends object
      ? { readonly [Name in keyof T]?: Init<T[Name]> | undefined }
      : T;

/** Room for most answers; doubled when it is too little. */
const FIRST_SIZE = 256;

/** The most bytes of UTF-8 that a UTF-16 unit becomes. */
const UNIT_BYTES = 3;

/** The longest a tag or the length of something in memory can be. */
const VARINT_BYTES = 5;

/**
 * Writes the wire format of Protocol Buffers: https://protobuf.dev/programming-guides/encoding/
 *
 * Writes what it is told, defaults too: proto3 leaves those out, which is up to the caller. Tags are those of `Reader`.
 */
export class Writer {
  private buffer = Buffer.allocUnsafe(FIRST_SIZE);
  private position = 0;
  private depth = 0;

  /** The message; nothing may be written after it. */
  finish(): Buffer {
    return this.buffer.subarray(0, this.position);
  }

  /** Also an enum. Negative ones go with 64 bits. */
  int32(tag: number, value: number): void {
    this.reserve(VARINT_BYTES * 3);
    this.varint(tag);
    let rest = value | 0;
    if (rest >= 0) {
      this.varint(rest);
      return;
    }
    // Ten bytes: 63 bits in nine of them, and the last bit.
    for (let byte = 0; byte < 9; byte++, rest >>= 7) this.buffer[this.position++] = (rest & 0x7f) | 0x80;
    this.buffer[this.position++] = 1;
  }

  /** What a double holds without loss, not negative. */
  int64(tag: number, value: number): void {
    this.reserve(VARINT_BYTES * 3);
    this.varint(tag);
    let rest = value;
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 0x80)) this.buffer[this.position++] = (rest % 0x80) | 0x80;
    this.varint(rest);
  }

  fixed32(tag: number, value: number): void {
    this.reserve(VARINT_BYTES + 4);
    this.varint(tag);
    this.position = this.buffer.writeUInt32LE(value, this.position);
  }

  fixed64(tag: number, value: bigint): void {
    this.reserve(VARINT_BYTES + 8);
    this.varint(tag);
    this.position = this.buffer.writeBigUInt64LE(value, this.position);
  }

  bool(tag: number, value: boolean): void {
    this.int32(tag, value ? 1 : 0);
  }

  double(tag: number, value: number): void {
    this.reserve(VARINT_BYTES + 8);
    this.varint(tag);
    this.position = this.buffer.writeDoubleLE(value, this.position);
  }

  bytes(tag: number, value: Uint8Array): void {
    this.reserve(VARINT_BYTES * 2 + value.length);
    this.varint(tag);
    this.varint(value.length);
    this.buffer.set(value, this.position);
    this.position += value.length;
  }

  string(tag: number, value: string): void {
    if (value.length * UNIT_BYTES < 0x80) {
      // Whatever the text, its length takes one byte: it is filled in afterwards.
      this.reserve(VARINT_BYTES + 0x80);
      this.varint(tag);
      const length = this.text(value, this.position + 1);
      this.buffer[this.position] = length;
      this.position += 1 + length;
      return;
    }
    const length = Buffer.byteLength(value);
    this.reserve(VARINT_BYTES * 2 + length);
    this.varint(tag);
    this.varint(length);
    this.position += this.buffer.write(value, this.position);
  }

  /** A message inside this one, that `write` writes. */
  message<T>(tag: number, write: (writer: Writer, value: T) => void, value: T): void {
    this.depth += 1;
    if (this.depth > MESSAGE_DEPTH) throw tooDeep();
    this.reserve(VARINT_BYTES * 2);
    this.varint(tag);
    this.position += 1;
    const start = this.position;
    write(this, value);
    this.depth -= 1;
    const length = this.position - start;
    if (length >= 0x80) {
      // The one byte kept for the length is not enough.
      const more = lengthSize(length) - 1;
      this.reserve(more);
      this.buffer.copyWithin(start + more, start, this.position);
      this.position = start - 1;
      this.varint(length);
      this.position += length;
    } else {
      this.buffer[start - 1] = length;
    }
  }

  /** Writes a short text at `start`, and gives its length in bytes. */
  private text(value: string, start: number): number {
    const { buffer } = this;
    // A call of Buffer.write takes as long as this does for 20 or 30 characters.
    if (value.length > 20) return buffer.write(value, start);
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      if (unit >= 0x80) return buffer.write(value, start);
      buffer[start + index] = unit;
    }
    return value.length;
  }

  /** Writes below 2^32, where room has been reserved. */
  private varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.position++] = rest;
  }

  private reserve(length: number): void {
    const needed = this.position + length;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }
}

function lengthSize(length: number): number {
  let size = 1;
  for (let rest = length; rest >= 0x80; rest >>>= 7) size += 1;
  return size;
}
