import type { Log } from '../../base/log.ts';
import type { Call, Question } from '../http/call.ts';
import { closed } from './faults.ts';

/** The way to APISIX that a call has. */
export interface Asker {
  ask(question: Question): Promise<Buffer | undefined>;
}

/** A call while its filters run. */
export class RunningCall implements Call {
  readonly log: Log;
  /** The number of the request, once it is read. */
  id: number | undefined;
  /** The plugin whose filter began last. */
  plugin: string | undefined;
  readonly #asker: Asker;
  #controller: AbortController | undefined;
  #reason: unknown;
  #isOver = false;

  constructor(asker: Asker, log: Log) {
    this.#asker = asker;
    this.log = log;
  }

  /** Made for those who ask for it alone. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Why it was ended without an answer; undefined while it was not. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Throws why it was ended, if it was. */
  requireRunning(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  ask(question: Question): Promise<Buffer | undefined> {
    return this.#isOver ? Promise.reject(closed()) : this.#asker.ask(question);
  }

  /** Ends it: nothing can be asked any more, and the signal says why. */
  abort(reason: unknown = closed()): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  /** Ends it with an answer, of which the signal says nothing. */
  finish(): void {
    this.#isOver = true;
  }
}
