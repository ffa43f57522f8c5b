import { messageOf } from '../base/error.ts';
import type { Log } from '../base/log.ts';

/** How what has been recorded is sent. */
export interface BatchLimits {
  /** Milliseconds until what waits is sent. */
  readonly delay: number;
  /** What may wait; anything beyond is dropped. */
  readonly queue: number;
  /** What is sent at once. */
  readonly batch: number;
}

/** Sends a batch; once `ending` is aborted it does not try again. Rejects when it failed. */
export type SendBatch<T> = (items: readonly T[], ending: AbortSignal) => Promise<void>;

/**
 * Collects and sends, beside everything else. One batch is on its way at a time; one that can't be sent is lost, which is
 * told when it happens after a success.
 */
export class Batches<T> {
  private readonly send: SendBatch<T>;
  private readonly limits: BatchLimits;
  private readonly log: Pick<Log, 'warn'>;
  private readonly ending = new AbortController();
  private waiting: T[] = [];
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private hasFailed = false;
  private lost = 0;

  constructor(send: SendBatch<T>, limits: BatchLimits, log: Pick<Log, 'warn'>) {
    this.send = send;
    this.limits = limits;
    this.log = log;
  }

  add(item: T): void {
    const { waiting, limits } = this;
    if (waiting.length >= limits.queue) {
      this.lose();
      return;
    }
    waiting.push(item);
    if (waiting.length === limits.batch && this.underWay === undefined) setImmediate(() => this.begin());
    else if (this.timer === undefined) this.schedule();
  }

  /** Sends all that waits, without patience for a collector that is not there; never rejects. */
  async flush(): Promise<void> {
    this.ending.abort();
    this.begin();
    while (this.underWay !== undefined) await this.underWay;
    clearTimeout(this.timer);
    if (this.lost > 0) this.log.warn(`${this.lost} spans were lost in all.`);
  }

  private begin(): void {
    this.underWay ??= this.sendAll().finally(() => {
      this.underWay = undefined;
    });
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.begin();
    }, this.limits.delay).unref();
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const items = this.waiting.splice(0, this.limits.batch);
      try {
        await this.send(items, this.ending.signal);
        this.hasFailed = false;
      } catch (error) {
        this.lost += items.length;
        if (!this.hasFailed) this.log.warn(`Couldn't send ${items.length} spans, which are lost: ${messageOf(error)}`);
        this.hasFailed = true;
      }
    }
  }

  /** A flood of lines would come in the worst moment. */
  private lose(): void {
    if (this.lost === 0) this.log.warn(`More than ${this.limits.queue} spans wait to be sent; those beyond are lost.`);
    this.lost += 1;
  }
}
