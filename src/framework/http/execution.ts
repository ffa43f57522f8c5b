import type { Invocation } from './exchange.ts';

/** What logs say of a call of a function. */
export interface Execution {
  readonly executionId: string;
  /** The span of the header `X-Cloud-Trace-Context`. */
  readonly spanId: string | undefined;
  /** A header of its request. */
  get(name: string): string | undefined;
}

/** Messages over gRPC and WebSockets have no request that could name them: they get an id when they are first asked for it. */
export function executionOf(invocation: Invocation | undefined): Execution | undefined {
  if (invocation === undefined) return undefined;
  const { res } = invocation;
  if (res !== undefined) return res.req;
  return (invocation.execution ??= { executionId: makeExecutionId(), spanId: undefined, get: () => undefined });
}

/** Twelve characters: six of the time, six of chance. */
export function makeExecutionId(): string {
  return lastSix(Date.now().toString(36)) + lastSix(Math.random().toString(36).slice(2));
}

function lastSix(text: string): string {
  return text.slice(-6).padStart(6, '0');
}
