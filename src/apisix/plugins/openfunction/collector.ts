import type { Dispatcher } from 'undici';

/** What a function answered. */
export interface FunctionAnswer {
  readonly status: number;
  /** Names and values in turn, as they came. */
  readonly headers: readonly Buffer[];
  readonly body: Buffer;
}

/** What a frame has room for, with headers that Node takes at most beside it. */
const LARGEST_ANSWER = 2 ** 24 - 64 * 1024;

/** Collects the answer to a call, which may stand still for no longer than its time. */
export class Collector implements Dispatcher.DispatchHandler {
  readonly #end: Pick<PromiseWithResolvers<FunctionAnswer>, 'resolve' | 'reject'>;
  readonly #signal: AbortSignal;
  readonly #timeout: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #status = 0;
  #headers: Buffer[] = [];
  #stop: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    end: Pick<PromiseWithResolvers<FunctionAnswer>, 'resolve' | 'reject'>,
    signal: AbortSignal,
    timeout: number,
  ) {
    this.#end = end;
    this.#signal = signal;
    this.#timeout = timeout;
  }

  /** Something has come or gone: the time begins anew. */
  goesOn(): void {
    this.#timer?.refresh();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#stop = (): void => controller.abort(new Error('the call was aborted'));
    if (this.#signal.aborted) {
      this.#stop();
      return;
    }
    this.#signal.addEventListener('abort', this.#stop);
    this.#timer = setTimeout(() => controller.abort(this.#late()), this.#timeout);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const { rawHeaders } = controller;
    this.goesOn();
    this.#status = status;
    this.#headers = Array.isArray(rawHeaders) ? rawHeaders.map((part) => Buffer.from(part)) : [];
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.goesOn();
    this.#length += chunk.length;
    if (this.#length > LARGEST_ANSWER) controller.abort(new Error('the response is too large for APISIX'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#forget();
    this.#end.resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#forget();
    this.#end.reject(error);
  }

  #late(): Error {
    const what = this.#status === 0 ? 'Headers' : 'Body';
    return new Error(`${what} Timeout: nothing came within ${this.#timeout} ms`);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    if (this.#stop !== undefined) this.#signal.removeEventListener('abort', this.#stop);
  }
}
