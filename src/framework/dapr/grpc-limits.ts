import type { UnaryHandler } from '../grpc/serve-unary.ts';
import { GRPC_STATUS, GrpcError } from '../grpc/status.ts';

/** The bounds of calls, those of requests. */
export interface CallLimits {
  /** Calls at once; 0 for any number. */
  readonly maxConcurrency: number;
  /** Milliseconds that a call may take; 0 for any. */
  readonly timeout: number;
}

/** Holds calls to bounds: more than so many at once are UNAVAILABLE, one that takes too long is DEADLINE_EXCEEDED. */
export function limitCalls({ maxConcurrency, timeout }: CallLimits): (handle: UnaryHandler) => UnaryHandler {
  if (maxConcurrency === 0 && timeout === 0) return (handle) => handle;
  let running = 0;
  return (handle) => async (message, call) => {
    if (maxConcurrency > 0 && running >= maxConcurrency) {
      throw new GrpcError(GRPC_STATUS.UNAVAILABLE, 'too many calls at once');
    }
    running += 1;
    // Also counted as long as the function runs on after its time.
    const result = (async () => handle(message, call))().finally(() => (running -= 1));
    return timeout === 0 ? result : inTime(result, timeout);
  };
}

async function inTime(result: Promise<Buffer>, timeout: number): Promise<Buffer> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = new GrpcError(GRPC_STATUS.DEADLINE_EXCEEDED, `the function took more than ${timeout / 1000} s`);
  const timer = setTimeout(reject, timeout, late);
  try {
    return await Promise.race([result, promise]);
  } finally {
    clearTimeout(timer);
  }
}
