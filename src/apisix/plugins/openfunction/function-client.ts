import { isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { OpenFunctionConf } from './conf.ts';

/** A call of a function. */
export interface FunctionCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | undefined;
  readonly signal: AbortSignal;
}

/** What a function answered. */
export interface FunctionAnswer {
  readonly status: number;
  /** Names and values in turn, as they came. */
  readonly headers: readonly Buffer[];
  readonly body: Buffer;
}

/** Calls the function of a route over connections of its own. */
export interface FunctionClient {
  call(call: FunctionCall): Promise<FunctionAnswer>;
  close(): Promise<void>;
}

/** What a frame has room for, with headers that Node takes at most beside it. */
const LARGEST_ANSWER = 2 ** 24 - 64 * 1024;

/** Opens no connection yet. */
export function createFunctionClient(address: URL, conf: OpenFunctionConf): FunctionClient {
  // Calls beyond those whose connections are kept get one that is closed behind them: none has to wait for another.
  const kept = new Agent({ ...optionsOf(address, conf), pipelining: 1 });
  const passing = new Agent({ ...optionsOf(address, conf), pipelining: 0 });
  let running = 0;
  return {
    async call(call) {
      const agent = conf.keepalive && running < conf.keepalivePool ? kept : passing;
      running += 1;
      try {
        return await dispatch(agent, address, call);
      } finally {
        running -= 1;
      }
    },
    async close() {
      await Promise.all([kept.close(), passing.close()]);
    },
  };
}

function optionsOf(address: URL, conf: OpenFunctionConf): Agent.Options {
  const host = address.hostname.replaceAll(/[[\]]/g, '');
  return {
    keepAliveTimeout: conf.keepaliveTimeout,
    keepAliveMaxTimeout: conf.keepaliveTimeout,
    headersTimeout: conf.timeout,
    bodyTimeout: conf.timeout,
    connect: {
      timeout: conf.timeout,
      rejectUnauthorized: conf.sslVerify,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    },
  };
}

function dispatch(agent: Agent, address: URL, call: FunctionCall): Promise<FunctionAnswer> {
  const { method, path, headers, body, signal } = call;
  const { promise, resolve, reject } = Promise.withResolvers<FunctionAnswer>();
  const collector = new Collector(resolve, reject, signal);
  agent.dispatch({ origin: address.origin, method, path, headers, body: body ?? null }, collector);
  return promise;
}

/** Collects an answer. */
class Collector implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: FunctionAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #signal: AbortSignal;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #status = 0;
  #headers: Buffer[] = [];
  #stop: (() => void) | undefined;

  constructor(resolve: (answer: FunctionAnswer) => void, reject: (error: unknown) => void, signal: AbortSignal) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#stop = (): void => controller.abort(new Error('the call was aborted'));
    if (this.#signal.aborted) this.#stop();
    else this.#signal.addEventListener('abort', this.#stop);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const { rawHeaders } = controller;
    this.#status = status;
    this.#headers = Array.isArray(rawHeaders) ? rawHeaders.map((part) => Buffer.from(part)) : [];
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > LARGEST_ANSWER) controller.abort(new Error('the response is too large for APISIX'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#forget();
    this.#resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#forget();
    this.#reject(error);
  }

  #forget(): void {
    if (this.#stop !== undefined) this.#signal.removeEventListener('abort', this.#stop);
  }
}
