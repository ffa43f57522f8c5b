import { ByteBuffer, Encoding } from 'flatbuffers';
import { textWithin, type Text } from './text.ts';

/** A message as it came. Its texts are read as strings, or as bytes: those that are no UTF-8, and all that are asked for so. */
export class Message extends ByteBuffer {
  readonly #payload: Buffer;

  constructor(payload: Buffer) {
    super(payload);
    this.#payload = payload;
  }

  override __string(offset: number, encoding?: Encoding): Text {
    const at = offset + this.readInt32(offset);
    const start = at + Int32Array.BYTES_PER_ELEMENT;
    const end = start + this.readInt32(at);
    const isForBytes = encoding === Encoding.UTF8_BYTES;
    return isForBytes ? this.#payload.subarray(start, end) : textWithin(this.#payload, start, end);
  }
}
