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

/**
 * Cuts what a socket gives into frames, however it was cut before. A payload that came in one piece is a view of the
 * chunk; any other is collected in memory of its own size, so that trickled bytes cost nothing more.
 */
export class FrameReader {
  readonly #take: TakeFrame;
  readonly #header = Buffer.alloc(HEADER_LENGTH);
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

  /** Takes bytes, and hands over each frame that they complete. */
  push(chunk: Buffer): void {
    if (this.#isHolding) this.#held = Buffer.concat([this.#held, chunk]);
    else this.#cut(chunk);
  }

  /** Goes on with what was held back. */
  release(): void {
    const held = this.#held;
    this.#isHolding = false;
    this.#held = NOTHING;
    this.#cut(held);
  }

  #cut(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#isHolding) {
      at = this.#payload === undefined ? this.#cutHeader(chunk, at) : this.#fill(this.#payload, chunk, at);
    }
    if (at < chunk.length) this.#held = chunk.subarray(at);
  }

  /** Reads on in a header, and takes its payload when that is there; gives where it came to. */
  #cutHeader(chunk: Buffer, start: number): number {
    const taken = Math.min(HEADER_LENGTH - this.#headerLength, chunk.length - start);
    chunk.copy(this.#header, this.#headerLength, start, start + taken);
    this.#headerLength += taken;
    const at = start + taken;
    if (this.#headerLength < HEADER_LENGTH) return at;
    const length = this.#header.readUIntBE(1, 3);
    if (chunk.length - at >= length) return this.#hand(chunk.subarray(at, at + length), at + length);
    this.#payload = Buffer.allocUnsafeSlow(length);
    this.#payloadLength = 0;
    return at;
  }

  #fill(payload: Buffer, chunk: Buffer, at: number): number {
    const taken = Math.min(payload.length - this.#payloadLength, chunk.length - at);
    chunk.copy(payload, this.#payloadLength, at, at + taken);
    this.#payloadLength += taken;
    return this.#payloadLength < payload.length ? at + taken : this.#hand(payload, at + taken);
  }

  #hand(payload: Buffer, at: number): number {
    this.#headerLength = 0;
    this.#payload = undefined;
    this.#isHolding = !this.#take(this.#header.readUInt8(0), payload);
    return at;
  }
}
