/** A bucket that fills with a number of tokens each second, up to a number of them. */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #last: number;

  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#last = now;
  }

  /**
   * Takes a token that there is or that there will be, and gives the milliseconds until then. Undefined, and nothing taken,
   * when that will never be, or takes longer than `longest`.
   */
  reserve(now: number, longest: number): number | undefined {
    if (this.#burst < 1) return undefined;
    const tokens = Math.min(this.#burst, this.#tokens + ((now - this.#last) / 1000) * this.#rate) - 1;
    const wait = tokens >= 0 ? 0 : (-tokens / this.#rate) * 1000;
    if (wait > longest) return undefined;
    this.#tokens = tokens;
    this.#last = now;
    return wait;
  }
}
