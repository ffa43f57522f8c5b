import type { Execution } from '../http/execution.ts';
import { parseObject, plainText, textOf, traceOf, type LogSources, type SpanIds, type Stream } from './line.ts';

const LABELS = 'logging.googleapis.com/labels';
const SPAN = 'logging.googleapis.com/spanId';
const TRACE = 'logging.googleapis.com/trace';

/**
 * Makes each line that a call's code writes one JSON object with the execution's id, for log collectors to group by.
 * Lines that are JSON keep their keys. What belongs to no call passes as it is.
 */
export function labelOutput(stream: Stream, { execution, span }: LogSources, severity?: 'ERROR'): void {
  const write = stream.write.bind(stream);
  stream.write = (data, ...rest) => {
    const current = execution();
    if (current === undefined) return write(data, ...rest);
    const encoding = typeof rest[0] === 'string' && Buffer.isEncoding(rest[0]) ? rest[0] : undefined;
    const done = rest.find((arg) => typeof arg === 'function');
    const line = renderLine(textOf(data, encoding), current, severity, span());
    return done === undefined ? write(line) : write(line, done);
  };
}

/** One line: `{ message }` or the text's own JSON object, with the labels of the call. */
export function renderLine(text: string, execution: Execution, severity?: 'ERROR', span?: SpanIds): string {
  const plain = plainText(text);
  const json = parseObject(plain);
  const entry: Record<string, unknown> = json ?? { message: plain.replace(/\n$/, '') };
  const labels = entry[LABELS];
  entry[LABELS] = { ...(typeof labels === 'object' ? labels : {}), execution_id: execution.executionId };
  const ids = span ?? traceOf(execution.get('traceparent'));
  const spanId = span?.spanId ?? execution.spanId ?? ids?.spanId;
  if (spanId !== undefined) entry[SPAN] ??= spanId;
  if (ids !== undefined) entry[TRACE] ??= ids.traceId;
  if (json !== undefined && severity !== undefined) entry['severity'] ??= severity;
  return `${JSON.stringify(entry)}\n`;
}
