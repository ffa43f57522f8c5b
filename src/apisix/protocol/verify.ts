/** What a field is: a number of so many bytes, a text, bytes, or a list of texts with names. */
type Field = 1 | 2 | 4 | 'text' | 'bytes' | 'entries';

/** The fields of a table by their slots, as ext-plugin.fbs has them. */
export type Shape = readonly Field[];

const TEXT_ENTRY: Shape = ['text', 'text'];

/** The messages that APISIX sends. */
export const SHAPES: {
  readonly prepareConf: Shape;
  readonly httpRequest: Shape;
  readonly httpResponse: Shape;
  readonly extraInfo: Shape;
} = {
  prepareConf: ['entries', 'text'],
  httpRequest: [4, 'bytes', 1, 'text', 'entries', 'entries', 4],
  httpResponse: [4, 2, 'entries', 4],
  extraInfo: ['bytes'],
};

const OFFSET_LENGTH = 4;

/**
 * Whether everything that a message points at lies within it, which the readers of FlatBuffers take for granted, and is
 * together no more than the message: what several places point at counts as often.
 * The format: https://flatbuffers.dev/internals/
 */
export function isSound(bytes: Buffer, shape: Shape): boolean {
  if (bytes.length < OFFSET_LENGTH) return false;
  return new Check(bytes).isTable(bytes.readUInt32LE(0), shape);
}

/** A look through one message. */
class Check {
  readonly #bytes: Buffer;
  /** Bytes that may still be pointed at. */
  #left: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#left = bytes.length;
  }

  isTable(table: number, shape: Shape): boolean {
    const bytes = this.#bytes;
    if (!this.#takes(table, 4)) return false;
    const vtable = table - bytes.readInt32LE(table);
    if (!this.#lies(vtable, 4)) return false;
    // With a sign, as the readers do: they would look for what is far behind a table in front of it.
    const vtableLength = bytes.readInt16LE(vtable);
    const tableLength = bytes.readUInt16LE(vtable + 2);
    if (vtableLength < 4 || vtableLength % 2 !== 0 || !this.#lies(vtable, vtableLength)) return false;
    if (tableLength < 4 || !this.#lies(table, tableLength)) return false;
    for (let slot = 0; slot < shape.length; slot += 1) {
      const entry = 4 + 2 * slot;
      if (entry >= vtableLength) return true;
      const offset = bytes.readInt16LE(vtable + entry);
      // oxlint-disable-next-line typescript/no-non-null-assertion -- slot is below its length
      if (offset !== 0 && !this.#isField(table, offset, tableLength, shape[slot]!)) return false;
    }
    return true;
  }

  #isField(table: number, offset: number, tableLength: number, field: Field): boolean {
    const length = typeof field === 'number' ? field : OFFSET_LENGTH;
    if (offset < 4 || offset + length > tableLength) return false;
    if (typeof field === 'number') return true;
    const at = table + offset;
    const target = at + this.#bytes.readUInt32LE(at);
    return field === 'entries' ? this.#isEntries(target) : this.#isVector(target, 1);
  }

  #isEntries(vector: number): boolean {
    if (!this.#isVector(vector, OFFSET_LENGTH)) return false;
    const bytes = this.#bytes;
    const end = vector + 4 + bytes.readUInt32LE(vector) * OFFSET_LENGTH;
    for (let at = vector + 4; at < end; at += OFFSET_LENGTH) {
      if (!this.isTable(at + bytes.readUInt32LE(at), TEXT_ENTRY)) return false;
    }
    return true;
  }

  #isVector(vector: number, size: number): boolean {
    return this.#lies(vector, 4) && this.#takes(vector, 4 + this.#bytes.readUInt32LE(vector) * size);
  }

  /** Whether it lies within the message, and within what may still be pointed at. */
  #takes(start: number, length: number): boolean {
    this.#left -= length;
    return this.#left >= 0 && this.#lies(start, length);
  }

  #lies(start: number, length: number): boolean {
    return start >= 0 && start + length <= this.#bytes.length;
  }
}
