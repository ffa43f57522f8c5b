import { expect, test } from 'vitest';
import { labelOutput, renderLine } from '../../../../src/framework/log/execution-log.ts';
import type { Request, Response } from '../../../../src/framework/http/types.ts';
import { serve } from '../../../support/function-server.ts';

const LABELS = 'logging.googleapis.com/labels';

/** Runs `act` in a function whose request has `headers`, and gives what it returns. */
async function within<T>(headers: Record<string, string>, act: (req: Request, res: Response) => T): Promise<T> {
  let result: T | undefined;
  const handler = (req: Request, res: Response): void => {
    result = act(req, res);
    res.end();
  };
  const { call } = await serve(handler);
  await call({ headers });
  return result as T;
}

test.each<[string, string, Record<string, string>, unknown]>([
  ['text', 'hello\n', {}, { message: 'hello', [LABELS]: { execution_id: 'x1' } }],
  ['coloured text', '\u001B[31mred\u001B[0m', {}, { message: 'red', [LABELS]: { execution_id: 'x1' } }],
  ['JSON', '{"a":1}', {}, { a: 1, [LABELS]: { execution_id: 'x1' } }],
  ['coloured JSON', '\u001B[31m{"a":1}\u001B[0m', {}, { a: 1, [LABELS]: { execution_id: 'x1' } }],
  ['JSON with labels', `{"${LABELS}":{"k":"v"}}`, {}, { [LABELS]: { k: 'v', execution_id: 'x1' } }],
  ['broken JSON', '{a', {}, { message: '{a', [LABELS]: { execution_id: 'x1' } }],
  [
    'a span',
    'x',
    { 'x-cloud-trace-context': 'abc/123;o=1' },
    { message: 'x', [LABELS]: { execution_id: 'x1' }, 'logging.googleapis.com/spanId': '123' },
  ],
  [
    'a W3C trace',
    'x',
    { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    {
      message: 'x',
      [LABELS]: { execution_id: 'x1' },
      'logging.googleapis.com/spanId': 'b'.repeat(16),
      'logging.googleapis.com/trace': 'a'.repeat(32),
    },
  ],
])('a line of %s', async (_, text, headers, expected) => {
  const line = await within({ 'function-execution-id': 'x1', ...headers }, (req) => renderLine(text, req));
  expect([line.endsWith('\n'), JSON.parse(line)]).toEqual([true, expected]);
});

test('an error stream marks JSON as an error, unless it says otherwise', async () => {
  const severities = await within({}, (req) =>
    ['{"a":1}', '{"severity":"INFO"}', 'text'].map((text) => JSON.parse(renderLine(text, req, 'ERROR')).severity),
  );
  expect(severities).toEqual(['ERROR', 'INFO', undefined]);
});

test('an execution without an id gets one of twelve characters, and keeps it', async () => {
  const [first, second] = await within({}, (req) => [req.executionId, req.executionId]);
  expect([first === second, /^[a-z0-9]{12}$/.test(first ?? '')]).toEqual([true, true]);
});

test('a stream is labelled inside requests alone, for text, bytes, encodings and callbacks', async () => {
  const written: unknown[][] = [];
  const stream = { write: (...args: readonly unknown[]) => written.push([...args]) > 0 };
  const done = (): void => {};
  await within({ 'function-execution-id': 'x1' }, (_req, res) => {
    let current: Response | undefined = res;
    labelOutput(stream, { execution: () => current?.req, span: () => undefined });
    stream.write('text\n', done);
    stream.write(Buffer.from('xbytesx').subarray(1, 6));
    stream.write('6869', 'hex', done);
    current = undefined;
    stream.write('outside', 'utf8', done);
  });
  const line = (message: string): string => `${JSON.stringify({ message, [LABELS]: { execution_id: 'x1' } })}\n`;
  expect(written).toEqual([[line('text'), done], [line('bytes')], [line('hi'), done], ['outside', 'utf8', done]]);
});
