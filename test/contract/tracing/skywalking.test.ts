import { expect, test } from 'vitest';
import { runFunction } from '../../support/functions-framework.ts';
import { roadsOf, startCollector } from '../../support/otelcol.ts';
import { NAMES, ROADS, runTwoFunctions } from './two-functions.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SEGMENT = '1bf7651916cd43dd8448eb211c80319c';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const SW8 = `1-${base64(TRACE)}-${base64(SEGMENT)}-3-${['caller', 'caller-1', '/order', 'front:80'].map(base64).join('-')}`;

test.each([
  ['http', undefined],
  ['grpc', undefined],
  ['http', 'skywalking-backend-js'],
  ['grpc', 'skywalking-backend-js'],
] as const)(
  'two functions are one trace, their sidecars speaking %s, with the package %s',
  async (protocol, dependency) => {
    const collector = await startCollector();
    const provider = { name: 'skywalking', oapServer: collector.skywalking };
    const front = await runTwoFunctions({ protocol, provider, ...(dependency && { dependency }) });
    const { body } = await front.call({
      method: 'POST',
      headers: { 'content-type': 'application/json', sw8: SW8 },
      body: '{"id":7}',
    });
    expect(JSON.parse(body)).toMatchObject({ id: 7, price: 5, correlation: `${base64('tier')}:${base64('gold')}` });
    const spans = await collector.spans(NAMES, TRACE);
    expect(roadsOf(spans)).toEqual(ROADS);
    expect(spans.find(({ name }) => name === 'front')?.parentSpanId).not.toBe('');
    const consumed = spans.find(
      ({ attributes }) => attributes['component.type'] === 'pubsub' && 'openfunction.input' in attributes,
    );
    expect(consumed?.attributes).toMatchObject({
      'component.name': 'shop',
      'mq.topic': 'orders',
      runtime: 'Async',
      team: 'blue',
    });
  },
);

test('SW_AGENT_* is honoured, a failure is one, and what is recorded is sent before the process ends', async () => {
  const collector = await startCollector();
  const source = `export const fails = async () => { throw new TypeError('no way'); };`;
  const serving = await runFunction(source, ['--target=fails', '--tracing=skywalking'], {
    SW_AGENT_COLLECTOR_BACKEND_SERVICES: collector.skywalking,
    SW_AGENT_NAME: 'shop',
    SW_AGENT_INSTANCE: 'shop-1',
  });
  await serving.call();
  serving.child.kill('SIGTERM');
  expect((await serving.child.ended).exitCode).toBe(0);
  const [span] = await collector.spans(['fails']);
  expect(span).toMatchObject({
    service: 'shop',
    parentSpanId: '',
    status: { code: 2 },
    resource: { 'service.instance.id': 'shop-1' },
    attributes: { 'http.method': 'GET', 'http.status_code': '500', 'faas.name': 'fails' },
    events: [{ attributes: { 'error.kind': 'TypeError', message: 'no way' } }],
  });
});
