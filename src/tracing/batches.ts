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

/** Milliseconds between two lines about losses of one kind. */
const TELLING = 60_000;

/** Milliseconds at the end of a process after which it is told what may be lost with it. */
const PATIENCE = 500;

/** Why spans are lost. */
type Loss = 'overflow' | 'failure';

/** Sends a batch; once `ending` is aborted it does not try again. Rejects when it failed. */
export type SendBatch<T> = (items: readonly T[], ending: AbortSignal) => Promise<void>;

/**
 * Collects and sends, beside everything else. One batch is on its way at a time; one that can't be sent is lost, which is
 * told once a minute at most, as is what finds no room.
 */
export class Batches<T> {
  private readonly send: SendBatch<T>;
  private readonly limits: BatchLimits;
  private readonly log: Pick<Log, 'warn'>;
  private readonly ending = new AbortController();
  private waiting: T[] = [];
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private lost = 0;
  private onItsWay = 0;
  private readonly toldAt: Partial<Record<Loss, number>> = {};

  constructor(send: SendBatch<T>, limits: BatchLimits, log: Pick<Log, 'warn'>) {
    this.send = send;
    this.limits = limits;
    this.log = log;
  }

  add(item: T): void {
    const { waiting, limits } = this;
    if (waiting.length >= limits.queue) {
      this.lose('overflow', 1, `More than ${limits.queue} spans wait to be sent; those beyond are lost.`);
      return;
    }
    waiting.push(item);
    if (waiting.length === limits.batch && this.underWay === undefined) setImmediate(() => this.begin());
    else if (this.timer === undefined) this.schedule();
  }

  /** Sends all that waits, without patience for a collector that is not there; never rejects. */
  async flush(): Promise<void> {
    this.ending.abort();
    // Should the process not wait for the end, this has been told.
    const before = this.lost;
    if (before > 0) this.log.warn(`${before} spans were lost by now.`);
    this.begin();
    const cut = setTimeout(() => this.tellRest(), PATIENCE).unref();
    while (this.underWay !== undefined) await this.underWay;
    clearTimeout(cut);
    clearTimeout(this.timer);
    if (this.lost > before) this.log.warn(`${this.lost} spans were lost in all.`);
  }

  /** Whoever waits may not wait for the end, which would tell. */
  private tellRest(): void {
    const rest = this.onItsWay + this.waiting.length;
    this.log.warn(`${rest} spans are not sent yet: they are lost as well if the process ends before.`);
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
      this.onItsWay = items.length;
      try {
        await this.send(items, this.ending.signal);
      } catch (error) {
        this.lose('failure', items.length, `Couldn't send ${items.length} spans, which are lost: ${messageOf(error)}`);
      }
      this.onItsWay = 0;
    }
  }

  /** A flood of lines would come in the worst moment: one a minute for each kind tells how many all are by now. */
  private lose(loss: Loss, count: number, why: string): void {
    this.lost += count;
    const now = performance.now();
    if (now - (this.toldAt[loss] ?? Number.NEGATIVE_INFINITY) < TELLING) return;
    this.toldAt[loss] = now;
    this.log.warn(this.lost === count ? why : `${why} ${this.lost} spans were lost by now.`);
  }
}
