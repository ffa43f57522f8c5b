import { expect, test } from 'vitest';
import { startDaprd } from '../../support/daprd.ts';
import { runFunction } from '../../support/functions-framework.ts';
import { ownPort } from '../../support/own-port.ts';

const SOURCE = `
export const hello = async (ctx, data) => {
  console.log('got %s', data.id);
  console.warn('careful');
  await null;
  if (ctx.inputName === undefined) setTimeout(() => console.log('later'), 1);
  return 'done';
};
`;
const CONTEXT = {
  name: 'hello',
  version: 'v2.0.0',
  runtime: 'Async',
  inputs: { orders: { componentName: 'shop', componentType: 'pubsub.in-memory', uri: 'orders' } },
  triggers: { http: {} },
};
const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** The lines that a function printed that are of its calls. */
const linesOf = (printed: string): Record<string, unknown>[] =>
  printed
    .split('\n')
    .filter((line) => line.includes('execution_id'))
    .map((line) => JSON.parse(line));

test.each(['http', 'grpc'] as const)(
  'lines are objects with ids, of requests and of messages over %s',
  async (protocol) => {
    const httpPort = await ownPort();
    const serving = await runFunction(SOURCE, ['--target=hello', '--signature-type=openfunction'], {
      FUNC_CONTEXT: JSON.stringify(CONTEXT),
      FUNC_LOG_FORMAT: 'json',
      FUNC_TRACING: 'opentelemetry',
      OTEL_TRACES_EXPORTER: 'none',
      DAPR_HTTP_PORT: String(httpPort),
    });
    const body = '{"id":7}';
    const headers = { 'content-type': 'application/json', 'function-execution-id': 'x1' };
    await serving.call({
      method: 'POST',
      path: '/',
      body,
      headers: { ...headers, traceparent: `00-${TRACE}-${'b'.repeat(16)}-01` },
    });
    // Warnings go to the other stream, so either may be seen first.
    await serving.child.printed(/careful.*\n/);
    const lines = linesOf(await serving.child.printed(/later.*\n/));
    const common = {
      function: 'hello',
      execution_id: 'x1',
      trace_id: TRACE,
      span_id: expect.stringMatching(/^\w{16}$/),
    };
    expect(lines).toHaveLength(3);
    expect(lines.filter(({ level }) => level !== 'warn')).toMatchObject([
      { ...common, level: 'info', message: 'got 7' },
      { ...common, level: 'info', message: 'later' },
    ]);
    expect(lines.find(({ level }) => level === 'warn')).toMatchObject({ ...common, message: 'careful' });
    const components = [{ name: 'shop', type: 'pubsub.in-memory' }];
    const daprd = await startDaprd({
      appId: 'hello',
      appPort: serving.port,
      appProtocol: protocol,
      httpPort,
      components,
    });
    await daprd.waitReady();
    await fetch(`${daprd.url}/v1.0/publish/shop/orders`, { method: 'POST', headers, body: '{"id":8}' });
    const message = linesOf(await serving.child.printed(/got 8.*\n/)).find(({ input }) => input === 'orders');
    expect(message).toMatchObject({
      function: 'hello',
      input: 'orders',
      message: 'got 8',
      execution_id: expect.stringMatching(/^[a-z0-9]{12}$/),
      trace_id: expect.stringMatching(/^\w{32}$/),
    });
  },
);

test('the labels of LOG_EXECUTION_ID are on lines of messages over gRPC as well', async () => {
  const httpPort = await ownPort();
  const serving = await runFunction(SOURCE, ['--target=hello', '--signature-type=openfunction'], {
    FUNC_CONTEXT: JSON.stringify(CONTEXT),
    LOG_EXECUTION_ID: 'true',
    DAPR_HTTP_PORT: String(httpPort),
  });
  const components = [{ name: 'shop', type: 'pubsub.in-memory' }];
  const daprd = await startDaprd({ appId: 'hello', appPort: serving.port, appProtocol: 'grpc', httpPort, components });
  await daprd.waitReady();
  await fetch(`${daprd.url}/v1.0/publish/shop/orders`, { method: 'POST', body: '8' });
  await serving.child.printed(/careful.*\n/);
  const [line] = linesOf(serving.child.output());
  expect(line).toMatchObject({
    'logging.googleapis.com/labels': { execution_id: expect.stringMatching(/^[a-z0-9]{12}$/) },
  });
});
