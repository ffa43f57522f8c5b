import { expect, test } from 'vitest';
import { createFunctionServer } from '../../../../src/framework/http/server.ts';
import { jsonLogs } from '../../../../src/framework/log/json-logs.ts';
import type { LogLevel } from '../../../../src/base/log.ts';
import { bindRuntime } from '../../../../src/framework/context/bind-runtime.ts';
import { makeServicesOf } from '../../../../src/framework/context/services.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';

const SPAN = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

/** Logs whose outputs are read line by line; the console writes to them, as that of Node.js does. */
function start(level?: LogLevel) {
  const lines: Record<string, unknown>[] = [];
  const stream = () => ({
    write: (text: unknown, _encoding?: string): boolean =>
      lines.push(
        ...String(text)
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ) > 0,
  });
  const [stdout, stderr] = [stream(), stream()];
  const out = (text: unknown): void => void stdout.write(`${String(text)}\n`);
  const err = (text: unknown): void => void stderr.write(`${String(text)}\n`);
  const console = { debug: out, log: out, info: out, warn: err, error: err };
  const logs = jsonLogs({ stdout, stderr, console }, level);
  const print = (): void => {
    for (const name of ['debug', 'log', 'info', 'warn', 'error'] as const) console[name](name);
  };
  return { logs, lines, stdout, stderr, console, print };
}

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

test('the console has its levels, other output has those of its stream', () => {
  const { lines, print, stdout, stderr } = start();
  print();
  stdout.write(Buffer.from('out'));
  stderr.write('657272', 'hex');
  expect(lines).toEqual(
    [
      ['debug', 'debug'],
      ['info', 'log'],
      ['info', 'info'],
      ['warn', 'warn'],
      ['error', 'error'],
      ['info', 'out'],
      ['error', 'err'],
    ].map(([level, message]) => ({ time, level, message })),
  );
});

test('lines below the level are left out, those of the framework unless it is info by default', () => {
  const quiet = start('warn');
  quiet.print();
  quiet.logs.log.info('i');
  quiet.logs.log.warn('w');
  expect(quiet.lines.map(({ message }) => message)).toEqual(['warn', 'error', 'w']);
  const usual = start();
  for (const level of ['debug', 'info', 'error'] as const) usual.logs.log[level](level);
  expect(usual.lines).toEqual(['info', 'error'].map((level) => ({ time, level, message: level })));
});

test('objects keep their keys, colours go', () => {
  const { lines, console } = start();
  console.log('{"level":"notice","a":1}');
  console.log('\u001B[31mred\u001B[0m\nblue');
  expect(lines).toEqual([
    { time, level: 'notice', a: 1 },
    { time, level: 'info', message: 'red\nblue' },
  ]);
});

test('lines of a call name it, its input and where in a trace it is', () => {
  const { logs, lines, console } = start();
  const context = { name: 'hello', version: '', runtime: 'Async', inputs: {}, outputs: {}, states: {} } as const;
  const services = makeServicesOf({ ...context, prePlugins: [], postPlugins: [] }, readPlatform({}), logs.log);
  const Runtime = bindRuntime(services('hello'));
  const ctx = new Runtime();
  Object.defineProperty(ctx, 'inputName', { value: 'orders' });
  let span: typeof SPAN | undefined = SPAN;
  const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
  const execution = { executionId: 'x1', spanId: undefined, get: () => traceparent };
  logs.bind({ execution: () => execution, span: () => span });
  logs.around(ctx, () => console.log('in'));
  span = undefined;
  console.log('out');
  expect(lines).toEqual([
    {
      time,
      level: 'info',
      message: 'in',
      function: 'hello',
      input: 'orders',
      execution_id: 'x1',
      trace_id: SPAN.traceId,
      span_id: SPAN.spanId,
    },
    {
      time,
      level: 'info',
      message: 'out',
      execution_id: 'x1',
      trace_id: 'c'.repeat(32),
      span_id: 'd'.repeat(16),
    },
  ]);
});

test('outside of requests there is no execution', () => {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const app = createFunctionServer({ route: () => undefined, bodyLimit: 1, production: true, log: quiet });
  expect(app.execution()).toBeUndefined();
});

test('objects keep their own keys, and are one each where a write has several', () => {
  const { logs, lines, stdout } = start();
  logs.bind({ execution: () => undefined, span: () => SPAN });
  stdout.write('{"trace_id":"own"}\n{"b":2}\n');
  stdout.write('Error: x\n    at y\n');
  expect(lines).toMatchObject([
    { trace_id: 'own', span_id: SPAN.spanId },
    { b: 2, trace_id: SPAN.traceId },
    { message: 'Error: x\n    at y' },
  ]);
});
