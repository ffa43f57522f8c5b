import type { Request, Response } from '../http/types.ts';

/** A stream such as process.stdout. */
export interface Stream {
  write(...args: readonly unknown[]): boolean;
}

const LABELS = 'logging.googleapis.com/labels';
const SPAN = 'logging.googleapis.com/spanId';
const TRACE = 'logging.googleapis.com/trace';
// oxlint-disable-next-line no-control-regex -- colours begin with the control character ESC
const COLOUR = /\u001B\[[0-9;]*m/g;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/;

/**
 * Makes each line that a request's code writes one JSON object with the execution's id, for log collectors to group by.
 * Lines that are JSON keep their keys. What belongs to no request passes as it is.
 */
export function labelOutput(stream: Stream, current: () => Response | undefined, severity?: 'ERROR'): void {
  const write = stream.write.bind(stream);
  stream.write = (data, ...rest) => {
    const res = current();
    if (res === undefined) return write(data, ...rest);
    const encoding = typeof rest[0] === 'string' && Buffer.isEncoding(rest[0]) ? rest[0] : undefined;
    const done = rest.find((arg) => typeof arg === 'function');
    const text = textOf(data, encoding);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the response's own request
    const line = renderLine(text, res.req as Request, severity);
    return done === undefined ? write(line) : write(line, done);
  };
}

/** One line: `{ message }` or the text's own JSON object, with the labels of the request. */
export function renderLine(text: string, req: Request, severity?: 'ERROR'): string {
  const plain = text.replaceAll(COLOUR, '');
  const json = parseObject(plain);
  const entry: Record<string, unknown> = json ?? { message: plain.replace(/\n$/, '') };
  const labels = entry[LABELS];
  entry[LABELS] = { ...(typeof labels === 'object' ? labels : {}), execution_id: req.executionId };
  const [, traceId, parentId] = TRACEPARENT.exec(req.get('traceparent') ?? '') ?? [];
  const spanId = req.spanId ?? parentId;
  if (spanId !== undefined) entry[SPAN] ??= spanId;
  if (traceId !== undefined) entry[TRACE] ??= traceId;
  if (json !== undefined && severity !== undefined) entry['severity'] ??= severity;
  return `${JSON.stringify(entry)}\n`;
}

function textOf(data: unknown, encoding: BufferEncoding | undefined): string {
  if (data instanceof Uint8Array) return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
  return encoding === undefined ? String(data) : Buffer.from(String(data), encoding).toString();
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON that begins with a brace is an object
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
