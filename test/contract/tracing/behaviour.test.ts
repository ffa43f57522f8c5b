import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runFunction, type ServingProcess } from '../../support/functions-framework.ts';
import { ownPort } from '../../support/own-port.ts';
import { makeFolder } from '../../support/workspace.ts';

const SOURCE = `export const hello = async () => 'hi';`;
const ARGS = ['--target=hello', '--signature-type=openfunction'];

/** A collector that takes connections and says nothing. */
async function startSilence(): Promise<string> {
  const server = createServer((socket) => onTestFinished(() => void socket.destroy())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Milliseconds that something takes. */
async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

async function endOf({ child }: ServingProcess): Promise<{ exitCode: number | undefined; all: string }> {
  child.kill('SIGTERM');
  return child.ended;
}

/** What names a collector, for each way to send. */
const envOf = (address: string): [string, Record<string, string>][] => [
  ['OTLP/HTTP', { FUNC_TRACING: 'opentelemetry', OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}` }],
  [
    'OTLP/gRPC',
    {
      FUNC_TRACING: 'opentelemetry',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    },
  ],
  ['SkyWalking', { FUNC_TRACING: 'skywalking', SW_AGENT_COLLECTOR_BACKEND_SERVICES: address }],
];
const WAYS = envOf('').map(([way], index) => [way, index] as const);

test.each(WAYS)('a silent collector keeps nobody waiting, and the end as long as the grace: %s', async (_, way) => {
  const [, env] = envOf(await startSilence())[way] ?? [];
  const serving = await runFunction(SOURCE, ARGS, { ...env, OTEL_BSP_SCHEDULE_DELAY: '1', FUNC_SHUTDOWN_TIMEOUT: '1' });
  await serving.call();
  for (let count = 0; count < 5; count += 1) expect(await timeOf(() => serving.call())).toBeLessThan(2000);
  const taken = await timeOf(async () => {
    const { exitCode, all } = await endOf(serving);
    expect([exitCode, all]).toEqual([0, expect.stringContaining('Sending traces had not ended after')]);
  });
  expect(taken).toBeLessThan(6000);
});

test.each(WAYS)(
  'a collector that is not there is told of once, and is not waited for at the end: %s',
  async (_, way) => {
    const [, env] = envOf(`127.0.0.1:${await ownPort()}`)[way] ?? [];
    const serving = await runFunction(SOURCE, ARGS, { ...env });
    expect((await serving.call()).body).toBe('hi');
    const taken = await timeOf(async () => {
      const { exitCode, all } = await endOf(serving);
      expect(exitCode).toBe(0);
      expect(all.match(/Couldn't send 1 \w+, which are lost: .*ECONNREFUSED/g)).toHaveLength(1);
    });
    expect(taken).toBeLessThan(6000);
  },
);

/** What is in the code of a part and nowhere else. */
const MARKS = {
  tracing: 'is neither opentelemetry nor skywalking',
  opentelemetry: 'OTEL_BSP_SCHEDULE_DELAY',
  skywalking: 'SW_AGENT_COLLECTOR_BACKEND_SERVICES',
  'logs in JSON': 'trace_id:',
};

/** Prints which of them is loaded. */
const HOOKS = `import { registerHooks } from 'node:module';
const marks = Object.entries(${JSON.stringify(MARKS)});
registerHooks({ load(url, context, next) {
  const loaded = next(url, context);
  for (const [part, mark] of marks) if (String(loaded.source).includes(mark)) console.log('loaded <' + part + '>');
  return loaded;
} });`;

test.each<[keyof typeof MARKS, Record<string, string>, boolean]>([
  ['tracing', {}, false],
  ['tracing', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_EXPORTER: 'otlp' }, false],
  ['tracing', { FUNC_TRACING: 'opentelemetry' }, true],
  ['opentelemetry', { FUNC_TRACING: 'opentelemetry' }, true],
  ['opentelemetry', { FUNC_TRACING: 'skywalking' }, false],
  ['skywalking', { FUNC_TRACING: 'skywalking' }, true],
  ['skywalking', { FUNC_TRACING: 'opentelemetry' }, false],
  ['logs in JSON', {}, false],
  ['logs in JSON', { FUNC_LOG_FORMAT: 'json' }, true],
])('whether %s is loaded for %j: %s', async (part, env, isLoaded) => {
  const folder = makeFolder({ 'hooks.mjs': HOOKS });
  const serving = await runFunction(SOURCE, ARGS, { ...env, NODE_OPTIONS: `--import ${folder}/hooks.mjs` });
  await serving.call();
  expect(serving.child.output().includes(`loaded <${part}>`)).toBe(isLoaded);
});
