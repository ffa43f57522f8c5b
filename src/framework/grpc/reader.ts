import { GRPC_STATUS, GrpcError, malformed } from './status.ts';

/**
 * How deep messages may lie in each other. A level of JSON takes up to three: Struct, its entry, and Value. The default of
 * Protocol Buffers is 100 for C++ and Java, 10000 for Go: https://protobuf.dev/programming-guides/proto-limits/#depth
 */
export const MESSAGE_DEPTH = 300;

/** A tag: the number of a field, shifted over its wire type. 0 at the end of a message. */
type Tag = number;

/**
 * Reads the wire format of Protocol Buffers in one pass: https://protobuf.dev/programming-guides/encoding/
 *
 * The code that uses it has tags in octal: the last digit is the wire type (0 varint, 1 eight bytes, 2 length-delimited,
 * 5 four bytes), the digits before it are the number of the field. A known field with another wire type counts as unknown.
 * Everything throws a `GrpcError` where the bytes end too early or are none of this format.
 */
export class Reader {
  private readonly buffer: Buffer;
  private position = 0;
  /** Where the message that is read ends. */
  private limit: number;
  private depth = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
    this.limit = buffer.length;
  }

  tag(): Tag {
    if (this.position === this.limit) return 0;
    const tag = this.varint();
    if (tag < 8 || tag > 0xffffffff) throw malformed('a field has no possible number');
    return tag;
  }

  /** Unsigned, of up to 64 bits; inexact beyond `Number.MAX_SAFE_INTEGER`. */
  varint(): number {
    const { buffer, limit } = this;
    const first = buffer[this.position] ?? 0;
    if (first < 0x80 && this.position < limit) {
      this.position += 1;
      return first;
    }
    let value = 0;
    for (let place = 1; place <= 2 ** 63; place *= 0x80) {
      if (this.position >= limit) throw truncated();
      const byte = buffer[this.position++] ?? 0;
      value += (byte & 0x7f) * place;
      if (byte < 0x80) return value;
    }
    throw malformed('a varint has more than ten bytes');
  }

  /** Also an enum. Negative ones are sent with 64 bits, of which the lower half counts. */
  int32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.limit) throw truncated();
      const byte = this.buffer[this.position++] ?? 0;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw malformed('a varint has more than ten bytes');
  }

  bool(): boolean {
    return this.varint() !== 0;
  }

  double(): number {
    return this.buffer.readDoubleLE(this.take(8));
  }

  /** A view of the bytes: no copy. */
  bytes(): Buffer {
    const start = this.take(this.varint());
    return this.buffer.subarray(start, this.position);
  }

  /** Bytes that are not UTF-8 become U+FFFD. */
  string(): string {
    const start = this.take(this.varint());
    return this.buffer.toString('utf8', start, this.position);
  }

  /** A message inside this one: `read` reads fields until `tag` gives 0. */
  message<T>(read: (reader: Reader) => T): T {
    const outer = this.enter();
    const value = read(this);
    this.leave(outer);
    return value;
  }

  /** As `message`, for an entry of a map, which `read` puts into `target`. */
  entry<T>(target: T, read: (reader: Reader, target: T) => void): void {
    const outer = this.enter();
    read(this, target);
    this.leave(outer);
  }

  /** Steps over the value of an unknown field. */
  skip(tag: Tag): void {
    const type = tag & 7;
    if (type === 0) this.varint();
    else if (type === 1) this.take(8);
    else if (type === 2) this.take(this.varint());
    else if (type === 5) this.take(4);
    else throw malformed(`wire type ${type} is not served`);
  }

  /** Narrows the limit to a message inside this one; gives the limit to go back to. */
  private enter(): number {
    const outer = this.limit;
    const start = this.take(this.varint());
    this.depth += 1;
    if (this.depth > MESSAGE_DEPTH) throw tooDeep();
    this.limit = this.position;
    this.position = start;
    return outer;
  }

  private leave(outer: number): void {
    this.depth -= 1;
    this.limit = outer;
  }

  /** Steps over `length` bytes that have to be there, and gives where they start. */
  private take(length: number): number {
    const start = this.position;
    if (length > this.limit - start) throw truncated();
    this.position = start + length;
    return start;
  }
}

/** What messages nested too deep fail with, while they are read or written. */
export function tooDeep(): GrpcError {
  return new GrpcError(GRPC_STATUS.INTERNAL, `a message lies more than ${MESSAGE_DEPTH} levels deep`);
}

function truncated(): GrpcError {
  return malformed('it ends too early');
}
