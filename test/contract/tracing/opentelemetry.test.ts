import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/artefact.ts';
import { runFunction } from '../../support/functions-framework.ts';
import { roadsOf, startCollector } from '../../support/otelcol.ts';
import { makeFolder } from '../../support/workspace.ts';
import { NAMES, ROADS, runTwoFunctions } from './two-functions.ts';

const SOURCE = `
export const hello = async (ctx, data) => ({ hello: data.name });
export const fails = async () => { throw new TypeError('no way'); };
`;

/** A function context with this exporter. */
const contextOf = (exporter: object, more: object = {}): string =>
  JSON.stringify({
    name: 'greeter',
    version: 'v2.0.0',
    runtime: 'Knative',
    prePlugins: ['opentelemetry'],
    postPlugins: ['opentelemetry'],
    pluginsTracing: {
      enabled: true,
      provider: { name: 'opentelemetry', exporter },
      tags: { func: 'greeter', team: 'blue' },
      baggage: { tier: 'gold' },
    },
    ...more,
  });

const FAST = { OTEL_BSP_SCHEDULE_DELAY: '10' };
const PARENT = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };

test('the span of a request arrives over OTLP/HTTP, below the one that the caller names', async () => {
  const collector = await startCollector();
  const serving = await runFunction(SOURCE, ['--target=hello', '--signature-type=openfunction'], {
    FUNC_CONTEXT: contextOf({ name: 'otlp', endpoint: `http://${collector.otlpHttp}` }),
    POD_NAME: 'greeter-5',
    POD_NAMESPACE: 'shop',
    ...FAST,
  });
  await serving.call({
    method: 'POST',
    path: '/path?query',
    headers: { 'content-type': 'application/json', traceparent: `00-${PARENT.trace}-${PARENT.span}-01` },
    body: '{"name":"you"}',
  });
  const [span] = await collector.spans(['greeter']);
  expect(span).toMatchObject({
    service: 'greeter',
    traceId: PARENT.trace,
    parentSpanId: PARENT.span,
    kind: 2,
    status: {},
    resource: { 'service.instance.id': 'greeter-5', 'k8s.namespace.name': 'shop', 'telemetry.sdk.language': 'nodejs' },
    attributes: {
      'faas.name': 'greeter',
      'faas.trigger': 'http',
      'http.request.method': 'POST',
      'url.path': '/path',
      'http.response.status_code': '200',
      instance: 'greeter-5',
      namespace: 'shop',
      runtime: 'Knative',
      team: 'blue',
    },
  });
});

const ORDER = {
  method: 'POST',
  headers: { 'content-type': 'application/json', traceparent: `00-${PARENT.trace}-${PARENT.span}-01` },
  body: '{"id":7}',
};

test.each([
  ['OTLP/HTTP', 'http', { name: 'otlp', compression: 'gzip', protocol: 'http' }, 'otlpHttp'],
  ['OTLP/gRPC', 'grpc', { name: 'jaeger', compression: 'gzip', protocol: 'grpc' }, 'otlpGrpc'],
  ['Zipkin', 'http', { name: 'zipkin' }, 'zipkin'],
] as const)('two functions are one trace over %s, their sidecars speaking %s', async (_, protocol, exporter, to) => {
  const collector = await startCollector();
  const provider = { name: 'opentelemetry', exporter: { ...exporter, endpoint: collector[to] } };
  const front = await runTwoFunctions({ protocol, provider });
  const { body } = await front.call(ORDER);
  expect(JSON.parse(body)).toEqual({ id: 7, price: 5, baggage: 'tier=gold' });
  const spans = await collector.spans(NAMES, PARENT.trace);
  expect(roadsOf(spans)).toEqual(ROADS);
  const kinds = spans.map(({ name, kind }) => [name, kind]);
  expect(kinds).toEqual(
    expect.arrayContaining([
      ['send orders', 4],
      ['back', 5],
      ['back', 2],
      ['POST back/price', 3],
    ]),
  );
  const consumed = spans.find(({ kind }) => kind === 5);
  expect(consumed?.attributes).toMatchObject({
    'component.type': 'pubsub',
    'component.name': 'shop',
    'messaging.destination.name': 'orders',
    'openfunction.input': 'orders',
    runtime: 'Async',
    team: 'blue',
  });
});

test('spans of sidecars that trace as well stand between those of the functions', async () => {
  const collector = await startCollector();
  const otel = { endpointAddress: collector.otlpGrpc, protocol: 'grpc', isSecure: false };
  const provider = { name: 'opentelemetry', exporter: { name: 'otlp', endpoint: collector.otlpHttp } };
  const configuration = { tracing: { samplingRate: '1', otel } };
  const front = await runTwoFunctions({ protocol: 'http', provider, configuration });
  await front.call(ORDER);
  const names = [...NAMES, 'pubsub/orders', 'CallLocal/back/price', 'CallLocal/back/price'];
  const roads = roadsOf(await collector.spans(names, PARENT.trace));
  expect(roads).toContain('front: front > front: send orders > back: pubsub/orders > back: back');
  expect(roads).toContainEqual(expect.stringMatching(/^front: front > front: POST back\/price > .* > back: back$/));
});

/** An application with a provider of its own, whose exporter prints. */
const APP = `
import { trace } from '@opentelemetry/api';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
const line = (span) => [span.name, span.kind, span.spanContext().spanId, span.parentSpanContext?.spanId].join(' ');
const exporter = { export: (spans, done) => done({ code: void spans.forEach((span) => console.log(line(span))) ?? 0 }), shutdown: async () => {} };
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
export const mine = async (ctx) =>
  trace.getTracer('mine').startActiveSpan('inner', async (span) => {
    await null;
    span.end();
    return { running: ctx.locals.traceId };
  });
`;

test("the application's own provider wins", async () => {
  const folder = makeFolder({ 'index.mjs': APP });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const serving = await runFunction({ folder }, ['--target=mine', '--signature-type=openfunction'], {
    FUNC_CONTEXT: contextOf({ name: 'otlp', endpoint: 'http://127.0.0.1:1' }),
    ...FAST,
  });
  const headers = { traceparent: `00-${PARENT.trace}-${PARENT.span}-01` };
  expect((await serving.call({ headers })).body).toBe(`{"running":"${PARENT.trace}"}`);
  const printed = await serving.child.printed(/^greeter .*$/m);
  const [, own = ''] = /^greeter 1 (\w+) b7ad6b7169203331$/m.exec(printed) ?? [];
  expect(printed).toMatch(new RegExp(`^inner 0 \\w+ ${own}$`, 'm'));
});

test('a failure has its exception, and the parent of another trace is not followed', async () => {
  const collector = await startCollector();
  const serving = await runFunction(SOURCE, ['--target=fails', '--tracing=opentelemetry'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.otlpHttp}`,
    OTEL_SERVICE_NAME: 'shop',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    ...FAST,
  });
  const { status } = await serving.call({ headers: { traceparent: `00-${'0'.repeat(32)}-${PARENT.span}-01` } });
  expect(status).toBe(500);
  const [span] = await collector.spans(['fails']);
  expect(span).toMatchObject({
    service: 'shop',
    parentSpanId: '',
    status: { code: 2, message: 'no way' },
    resource: { 'deployment.environment.name': 'test' },
    attributes: { 'error.type': 'TypeError', 'http.response.status_code': '500' },
    events: [{ name: 'exception', attributes: { 'exception.type': 'TypeError', 'exception.message': 'no way' } }],
  });
});
