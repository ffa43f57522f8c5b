import { expect, test } from 'vitest';
import { runFunction } from '../../support/functions-framework.ts';
import { startCollector } from '../../support/otelcol.ts';

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
  const [span] = await collector.spans('greeter');
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
