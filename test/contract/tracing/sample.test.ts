import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OTEL_SETTINGS } from '../../../src/tracing/opentelemetry/settings.ts';
import { SKY_SETTINGS } from '../../../src/tracing/skywalking/settings.ts';
import { ROOT } from '../../support/artefact.ts';
import { runFunction } from '../../support/functions-framework.ts';
import { startCollector } from '../../support/otelcol.ts';

test('samples/tracing is traced', async () => {
  const collector = await startCollector();
  const folder = join(ROOT, 'samples/tracing');
  const context = readFileSync(join(folder, 'function-context.json'), 'utf8');
  const serving = await runFunction({ folder }, ['--target=greet', '--signature-type=openfunction'], {
    FUNC_CONTEXT: context.replace('localhost:4318', collector.otlpHttp),
    FUNC_LOG_FORMAT: 'json',
    OTEL_BSP_SCHEDULE_DELAY: '10',
  });
  const headers = { 'content-type': 'application/json' };
  const { body } = await serving.call({ method: 'POST', headers, body: '{"name":"you"}' });
  const [span] = await collector.spans(['greet']);
  expect(JSON.parse(body)).toEqual({ greeting: 'Hello, you!', trace: span?.traceId });
  expect(span).toMatchObject({ service: 'greet', attributes: { team: 'blue' } });
  const line = /^.*Greeting you.*$/m.exec(await serving.child.printed(/Greeting you.*\n/))?.[0] ?? '';
  expect(JSON.parse(line)).toMatchObject({
    message: 'Greeting you.',
    function: 'greet',
    trace_id: span?.traceId,
    span_id: span?.spanId,
  });
});

test('docs/tracing.md shows the sample as it is, and every variable', () => {
  const text = readFileSync(join(ROOT, 'docs/tracing.md'), 'utf8');
  const [, path = '', code] = /```js\n\/\/ (samples\/\S+)\n([^]*?)```/.exec(text) ?? [];
  expect(code).toBe(readFileSync(join(ROOT, path), 'utf8'));
  const rows = [...text.matchAll(/^\| `((?:OTEL|SW)_[A-Z0-9_, ]+)` +\| (.*?) +\|$/gm)].map(([, ...row]) => row);
  const settings = [...Object.values(OTEL_SETTINGS), ...Object.values(SKY_SETTINGS)];
  expect(rows).toEqual(settings.map(({ variables, help }) => [variables.join(', '), help]));
});
