import type { Execution } from '../http/execution.ts';

/** A stream such as process.stdout. */
export interface Stream {
  write(...args: readonly unknown[]): boolean;
}

/** Where in a trace something happened. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** What lines are labelled with. */
export interface LogSources {
  readonly execution: () => Execution | undefined;
  /** The running span, where there is a tracer. */
  readonly span: () => SpanIds | undefined;
}

// oxlint-disable-next-line no-control-regex -- colours begin with the control character ESC
const COLOUR = /\u001B\[[0-9;]*m/g;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/;

/** A text without its colours. */
export function plainText(text: string): string {
  return text.replaceAll(COLOUR, '');
}

/** The ids of the header `traceparent`; undefined where it is none. */
export function traceOf(traceparent: string | undefined): SpanIds | undefined {
  const [, traceId, spanId] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

/** What is written to a stream, as text. */
export function textOf(data: unknown, encoding: BufferEncoding | undefined): string {
  if (data instanceof Uint8Array) return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
  return encoding === undefined ? String(data) : Buffer.from(String(data), encoding).toString();
}

/** A text that is a JSON object; undefined where it is none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON that begins with a brace is an object
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
