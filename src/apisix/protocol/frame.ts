/** The kinds of frames, by their first byte. */
export const FRAME = {
  ERROR: 0,
  PREPARE_CONF: 1,
  HTTP_REQUEST: 2,
  EXTRA_INFO: 3,
  HTTP_RESPONSE: 4,
} as const;

/** Bytes before a payload: the kind, and the length of the payload in three bytes, the highest first. */
export const HEADER_LENGTH = 4;

/** The most bytes that a payload can have. */
export const MAX_PAYLOAD: number = 2 ** 24 - 1;

/** Takes one whole frame; false when the frames behind it have to wait. */
export type TakeFrame = (kind: number, payload: Buffer) => boolean;

const NOTHING = Buffer.alloc(0);

/** Cuts what a socket gives into frames, however it was cut before. Payloads have memory of their own. */
export class FrameReader {
  readonly #take: TakeFrame;
  /** As much of a header as there is, as a number. */
  #header = 0;
  #headerLength = 0;
  #payload: Buffer | undefined;
  #payloadLength = 0;
  #held: Buffer = NOTHING;
  #isHolding = false;

  constructor(take: TakeFrame) {
    this.#take = take;
  }

  /** Whether all bytes so far belong to whole frames. */
  get isBetweenFrames(): boolean {
    return this.#headerLength === 0 && this.#held.length === 0;
  }

  /** Takes the first bytes of a chunk, which is not kept, and hands over each frame that they complete. */
  push(chunk: Buffer, length: number = chunk.length): void {
    if (this.#isHolding) this.#held = Buffer.concat([this.#held, chunk.subarray(0, length)]);
    else this.#cut(chunk, length);
  }

  /** Goes on with what was held back. */
  release(): void {
    const held = this.#held;
    this.#isHolding = false;
    this.#held = NOTHING;
    this.#cut(held, held.length);
  }

  #cut(chunk: Buffer, end: number): void {
    let at = 0;
    while (at < end && !this.#isHolding) {
      const payload = this.#payload ?? this.#begin(chunk.readUInt8(at++));
      if (payload === undefined) continue;
      const taken = Math.min(payload.length - this.#payloadLength, end - at);
      chunk.copy(payload, this.#payloadLength, at, at + taken);
      this.#payloadLength += taken;
      at += taken;
      if (this.#payloadLength === payload.length) this.#hand(payload);
    }
    if (at < end) this.#held = Buffer.from(chunk.subarray(at, end));
  }

  /** Takes one byte of a header, and makes room for the payload behind its last one. */
  #begin(byte: number): Buffer | undefined {
    this.#header = (this.#header << 8) | byte;
    this.#headerLength += 1;
    if (this.#headerLength < HEADER_LENGTH) return undefined;
    this.#payload = Buffer.allocUnsafe(this.#header & MAX_PAYLOAD);
    this.#payloadLength = 0;
    return this.#payload;
  }

  #hand(payload: Buffer): void {
    this.#headerLength = 0;
    this.#payload = undefined;
    this.#isHolding = !this.#take(this.#header >>> 24, payload);
  }
}
