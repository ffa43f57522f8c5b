import { expect, test } from 'vitest';
import type { Log } from '../../../src/base/log.ts';
import { openTracer } from '../../../src/tracing/open-tracer.ts';
import { destinationOf } from '../../../src/tracing/opentelemetry/destination.ts';
import { OTEL_SETTINGS } from '../../../src/tracing/opentelemetry/settings.ts';
import { readRows } from '../../../src/tracing/parse.ts';

const settingsOf = (env: Record<string, string>) =>
  readRows(OTEL_SETTINGS, env, (line) => {
    throw new Error(line);
  });

test.each<[object | undefined, Record<string, string>, string]>([
  [undefined, {}, 'http http://localhost:4318/v1/traces'],
  [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1/base/' }, 'http http://c:1/base/v1/traces'],
  [undefined, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://c:1/x' }, 'http https://c:1/x'],
  [undefined, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'grpc http://localhost:4317/'],
  [undefined, { OTEL_TRACES_EXPORTER: 'zipkin' }, 'zipkin http://localhost:9411/api/v2/spans'],
  [{ name: 'otlp', endpoint: 'c:4318' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://d:1' }, 'http http://c:4318/v1/traces'],
  [{ name: 'jaeger', endpoint: 'c:4317' }, {}, 'grpc http://c:4317/'],
  [{ name: 'otlp', endpoint: 'http://c:1/own', protocol: 'http' }, {}, 'http http://c:1/own'],
  [
    { name: 'Zipkin', endpoint: 'http://c:9411' },
    { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
    'zipkin http://c:9411/api/v2/spans',
  ],
  [{ name: 'otlp' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://d:1' }, 'http http://d:1/v1/traces'],
])('the exporter %j and the environment %j send to %s', (exporter, env, expected) => {
  const found = destinationOf(exporter as Parameters<typeof destinationOf>[0], settingsOf(env));
  expect(`${found?.kind} ${found?.target.url.href}`).toBe(expected);
  expect(found?.target.gzip).toBe(false);
});

test('an exporter says how', () => {
  const exporter = { name: 'otlp', endpoint: 'c:1', headers: 'a=b%20c, d=e', compression: 'gzip', timeout: '2s' };
  const env = { OTEL_EXPORTER_OTLP_HEADERS: 'x=y', OTEL_EXPORTER_OTLP_TIMEOUT: '5' };
  const target = { headers: { a: 'b c', d: 'e' }, gzip: true, timeout: 2000 };
  expect(destinationOf(exporter, settingsOf(env))?.target).toMatchObject(target);
  expect(destinationOf(undefined, settingsOf(env))?.target).toMatchObject({ headers: { x: 'y' }, timeout: 5 });
  expect(destinationOf(undefined, settingsOf({ OTEL_TRACES_EXPORTER: 'none' }))).toBeUndefined();
});

test('no time is no limit', () => {
  const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '0', OTEL_EXPORTER_ZIPKIN_TIMEOUT: '0' };
  for (const name of ['otlp', 'zipkin']) {
    expect(destinationOf({ name, endpoint: '' }, settingsOf(env))?.target.timeout).toBe(99_999_999);
  }
  const timeouts = ['0s', '0.5', '9999999999999m'].map(
    (timeout) => destinationOf({ name: 'otlp', endpoint: '', timeout }, settingsOf({}))?.target.timeout,
  );
  expect(timeouts).toEqual([99_999_999, 1, 99_999_999]);
});

test.each<[string | undefined, Record<string, string>]>([
  ['http/json', {}],
  [undefined, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }],
])('JSON is told of and sent as Protocol Buffers: %s, %j', (protocol, env) => {
  const lines: string[] = [];
  const exporter = { name: 'otlp', endpoint: '', ...(protocol !== undefined && { protocol }) };
  const found = destinationOf(exporter, settingsOf(env), (line) => lines.push(line));
  expect(found?.kind).toBe('http');
  expect(lines).toEqual([expect.stringContaining('http/json, but by http/protobuf')]);
});

test('baggage with names that no header can have is told of', async () => {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const provider = { name: 'opentelemetry', exporter: { name: 'none', endpoint: '' } };
  const config = { enabled: true, provider, baggage: { 团队: 'x', ok: 'y' } };
  const named = { name: 'hello', podName: '', podNamespace: '', modulePath: '/app/index.js' };
  const subject = { ...named, version: '1', processId: 1, nodeVersion: 'v24' };
  expect(await openTracer({ config, subject, env: {}, log })).toBeDefined();
  expect(lines).toEqual(['The baggage of tracing has names that no header can have, and goes without them: "团队".']);
});

test.each([
  [{ OTEL_TRACES_SAMPLER: 'sometimes' }, 'OTEL_TRACES_SAMPLER: "sometimes" is none of always_on'],
  [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG: "2" is no number from 0 to 1'],
  [{ OTEL_PROPAGATORS: 'tracecontext,xray' }, 'OTEL_PROPAGATORS: "xray" is none of'],
  [{ OTEL_BSP_MAX_QUEUE_SIZE: '0' }, 'OTEL_BSP_MAX_QUEUE_SIZE: "0" is not positive'],
  [{ OTEL_BSP_SCHEDULE_DELAY: 'soon' }, 'OTEL_BSP_SCHEDULE_DELAY: "soon" is no whole number'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://x' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: "ftp://x" is no URL of HTTP'],
])('%j is told of and not used', (env, expected) => {
  const lines: string[] = [];
  const settings = readRows(OTEL_SETTINGS, env, (line) => lines.push(line));
  expect(lines).toEqual([expect.stringContaining(expected)]);
  expect(settings).toEqual(settingsOf({}));
});

test.each<[object | undefined, Record<string, string>, string[]]>([
  [undefined, {}, ['The provider of tracing "" is neither opentelemetry nor skywalking. Nothing is traced.']],
  [
    { name: 'zipkin' },
    {},
    ['The provider of tracing "zipkin" is neither opentelemetry nor skywalking. Nothing is traced.'],
  ],
  [
    { name: 'OpenTelemetry', exporter: { name: 'paper', endpoint: '' } },
    {},
    [expect.stringMatching(/"paper" is none of otlp, jaeger, zipkin, none\. Nothing is traced\.$/)],
  ],
  [
    { name: 'opentelemetry' },
    { OTEL_EXPORTER_OTLP_CERTIFICATE: '/not/there.pem' },
    [expect.stringContaining("Couldn't read the certificate that OTEL_EXPORTER_OTLP_CERTIFICATE names")],
  ],
  [{ name: 'opentelemetry' }, { OTEL_SDK_DISABLED: 'true' }, []],
])('the provider %j with %j leaves a function that is not traced', async (provider, env, expected) => {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const config = { enabled: true, ...(provider && { provider: provider as { name: string } }) };
  const named = { name: 'hello', podName: '', podNamespace: '', modulePath: '/app/index.js' };
  const subject = { ...named, version: '1', processId: 1, nodeVersion: 'v24' };
  expect(await openTracer({ config, subject, env, log })).toBeUndefined();
  expect(lines).toEqual(expected);
});
