import { Builder, type Offset } from 'flatbuffers';
import { FnError } from '../../base/error.ts';
import { TextEntry } from './a6/text-entry.ts';
import { HEADER_LENGTH, MAX_PAYLOAD } from './frame.ts';
import type { Text } from './text.ts';

/** A name and a value; a value that is undefined deletes what has the name. */
export type Entry = readonly [name: Text, value: Text | undefined];

const SMALL = 16 * 1024;
/** Memory above this is not kept for the next message. */
const LARGE = 128 * 1024;
/** A code unit of JavaScript becomes at most three bytes of UTF-8. */
const BYTES_OF_CODE_UNIT = 3;
const SHORT = 64;
const OFFSET_LENGTH = 4;

/** Writes one message at a time into memory that it uses again. */
export class MessageWriter {
  #builder = new Builder(SMALL);
  readonly #scratch = Buffer.allocUnsafeSlow(SMALL);
  /** The beginnings of the scratch, by their length: texts are many, and short. */
  readonly #beginnings: Buffer[] = Array.from({ length: SHORT }, (_, length) => this.#scratch.subarray(0, length));

  /** The builder for generated code. */
  get builder(): Builder {
    return this.#builder;
  }

  /** Starts a message that has about so many bytes. */
  begin(size = 0): void {
    if (size > SMALL / 2) this.#builder = new Builder(size + SMALL);
    else if (this.#builder.dataBuffer().capacity() > LARGE) this.renew();
    else this.#builder.clear();
  }

  /** A text, or bytes that stand for one. */
  text(text: Text): Offset {
    return this.#builder.createString(this.#bytes(text));
  }

  /** A vector of bytes, or of those that a text is. */
  bytes(bytes: Text): Offset {
    return this.#builder.createByteVector(this.#bytes(bytes));
  }

  /** A vector of entries in their order. */
  entries(entries: readonly Entry[]): Offset {
    const builder = this.#builder;
    const offsets = entries.map(([name, value]) => {
      const nameOffset = this.text(name);
      return TextEntry.createTextEntry(builder, nameOffset, value === undefined ? 0 : this.text(value));
    });
    builder.startVector(OFFSET_LENGTH, offsets.length, OFFSET_LENGTH);
    // A vector is written from its end.
    for (const offset of offsets.reverse()) builder.addOffset(offset);
    return builder.endVector();
  }

  /** The whole frame, which stays what it is until the next message begins; OFN-APISIX-REPLY when it would be too large. */
  finish(kind: number, root: Offset): Buffer {
    this.#builder.finishSizePrefixed(root);
    const bytes = this.#builder.dataBuffer().bytes();
    const frameLength = this.#builder.offset();
    const frame = Buffer.from(bytes.buffer, bytes.byteOffset + bytes.length - frameLength, frameLength);
    const length = frame.length - HEADER_LENGTH;
    if (length > MAX_PAYLOAD) throw tooLarge(length);
    frame[0] = kind;
    frame[1] = length >>> 16;
    frame[2] = (length >>> 8) & 0xff;
    frame[3] = length & 0xff;
    return frame;
  }

  /** Leaves the memory of the last message to whoever still needs it. */
  renew(): void {
    this.#builder = new Builder(SMALL);
  }

  /** What a text is in bytes. Those of short ones are written over by the next. */
  #bytes(text: Text): Uint8Array {
    if (typeof text !== 'string') return text;
    if (text.length * BYTES_OF_CODE_UNIT > SMALL) return Buffer.from(text, 'utf8');
    const length = this.#scratch.write(text, 'utf8');
    return this.#beginnings[length] ?? this.#scratch.subarray(0, length);
  }
}

function tooLarge(length: number): FnError {
  return new FnError(`Couldn't send a message of ${length} bytes to APISIX: its frames have at most ${MAX_PAYLOAD}.`, {
    code: 'OFN-APISIX-REPLY',
    hint: 'Keep bodies and headers together below 16 MiB.',
  });
}
