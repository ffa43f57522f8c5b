import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { GRPC_STATUS, GrpcError } from './status.ts';

/** What a handler knows of a call besides its message. */
export class UnaryCall {
  /** Metadata and pseudo-headers, by their names in lower case. */
  readonly headers: IncomingHttpHeaders;
  private readonly stream: ServerHttp2Stream;
  private readonly deadline: number | undefined;
  private controller: AbortController | undefined;

  /** `timeout` is in milliseconds. */
  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, timeout: number | undefined) {
    this.stream = stream;
    this.headers = headers;
    if (timeout !== undefined) this.deadline = performance.now() + timeout;
  }

  /**
   * Aborted with a `GrpcError` when the client cancels the call or goes away, or at the deadline of the call, which its
   * client watches by itself. Costs nothing until somebody looks.
   */
  get signal(): AbortSignal {
    this.controller ??= this.watch();
    return this.controller.signal;
  }

  /** Whether the client has cancelled the call or gone away. */
  get isGone(): boolean {
    return this.stream.closed;
  }

  private watch(): AbortController {
    const { stream, deadline } = this;
    const controller = new AbortController();
    const cancel = (): void => {
      clearTimeout(timer);
      if (!stream.writableEnded)
        controller.abort(new GrpcError(GRPC_STATUS.CANCELLED, 'the client cancelled the call'));
    };
    const expire = (): void => {
      controller.abort(new GrpcError(GRPC_STATUS.DEADLINE_EXCEEDED, 'the deadline of the call has passed'));
    };
    const timer = deadline === undefined ? undefined : setTimeout(expire, deadline - performance.now());
    if (stream.closed) cancel();
    // Whoever cancels ends the writable side as well, but only after this event.
    else stream.once('aborted', cancel).once('close', () => clearTimeout(timer));
    return controller;
  }
}
