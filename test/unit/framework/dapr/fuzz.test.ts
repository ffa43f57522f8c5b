import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { bindingInput, INPUTS, PATHS, serveAsync, topicInput } from '../../../support/async-function.ts';

/** Looks at all that a message has. */
const curious = (ctx: OpenFunctionInvocation, data: unknown): unknown => {
  const seen = [ctx.event, ctx.bindingEvent?.metadata, ctx.topicEvent, ctx.cloudEvent, ctx.innerEvent, ctx.rawData];
  void [seen, ctx.inputName, ctx.message?.id, ctx.message?.carrier('traceparent'), ctx.CloneRuntimeContext().rawData];
  return data;
};

const inputs = {
  ...INPUTS,
  same: bindingInput('orders'),
  bulk: topicInput('a/#', 'ps', { 'bulkSubscribe.enabled': 'true' }),
};
const target = fc.oneof(
  fc.constantFrom(...Object.values(PATHS), '/orders', '/a/%23', '/ps--a/%23--default', '/dapr/subscribe', '/healthz'),
  fc.webPath().map((path) => `/${path}`),
  fc.stringMatching(/^\/[!-~]{0,30}$/),
);
const text = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom('1.0', 'io.openfunction.function.x', ''));
const fields = {
  specversion: text,
  type: fc.constantFrom('com.dapr.event.sent', 'com.dapr.event.sent.bulk', 'io.openfunction.function.ns.fn'),
  id: fc.jsonValue(),
  source: text,
  topic: fc.constantFrom('orders', 'a/#', 'none'),
  pubsubname: fc.constantFrom('ps', 'none'),
  datacontenttype: fc.oneof(fc.constantFrom('application/json', 'text/plain', 'application/octet-stream'), text),
  data: fc.oneof(fc.jsonValue(), fc.record({ metadata: fc.jsonValue(), userData: text }, { requiredKeys: [] })),
  data_base64: fc.oneof(fc.base64String(), fc.jsonValue()),
  extension: fc.jsonValue(),
};
const event = fc.record(fields, { requiredKeys: [] });
const entry = fc.record(
  {
    entryId: fc.jsonValue(),
    event: fc.oneof(event, text, fc.jsonValue()),
    contentType: text,
    metadata: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const bulk = fc.record({
  type: fc.constant('com.dapr.event.sent.bulk'),
  entries: fc.oneof(fc.array(fc.oneof(entry, fc.jsonValue())), fc.jsonValue()),
});
const body = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc.oneof(event, bulk, fc.jsonValue()).map((value) => Buffer.from(JSON.stringify(value))),
);
const calls = fc.record({
  method: fc.constantFrom('POST', 'POST', 'POST', 'POST', 'GET', 'PUT', 'OPTIONS', 'DELETE', 'HEAD'),
  path: target,
  headers: fc.dictionary(
    fc.constantFrom('dapr-api-token', 'metadata.x', 'traceparent', 'content-encoding', 'origin'),
    fc.constantFrom('secret', 'gzip', '00-1', 'x'),
  ),
  type: fc.constantFrom(
    'application/json',
    'application/cloudevents+json',
    'text/plain',
    'APPLICATION/CLOUDEVENTS+JSON;x',
    ';',
  ),
  body,
});

test.each<[string, object]>([
  ['messages alone', {}],
  ['requests as well', { context: { triggers: { http: {} } } }],
])(
  'whatever comes to a function that takes %s is answered, and the next message too',
  async (_, setup) => {
    const { call } = await serveAsync(curious, { inputs, ...setup });
    const property = fc.asyncProperty(calls, async ({ method, path, headers, type, body }) => {
      const answer = await call({ method, path, headers: { ...headers, 'content-type': type }, body });
      expect([200, 204, 400, 404, 413, 415, 500]).toContain(answer.status);
      expect(answer.body).not.toMatch(/\n\s+at \S+ \(|node_modules|\/src\/framework\//);
    });
    await fc.assert(property, { numRuns: 300 });
    expect((await call({ method: 'POST', path: PATHS.cron })).status).toBe(200);
  },
  30_000,
);

test('a delivery to a topic always ends with a verdict for the sidecar', async () => {
  const { call } = await serveAsync(curious, { inputs });
  const property = fc.asyncProperty(
    body,
    fc.constantFrom('application/json', 'application/cloudevents+json'),
    async (bytes, type) => {
      const { status, body: text } = await call({
        method: 'POST',
        path: PATHS.topic,
        headers: { 'content-type': type },
        body: bytes,
      });
      const verdict = JSON.parse(text) as { status?: string; statuses?: unknown[] };
      expect([
        status,
        ['SUCCESS', 'RETRY', 'DROP'].includes(verdict.status ?? '') || Array.isArray(verdict.statuses),
      ]).toEqual([200, true]);
    },
  );
  await fc.assert(property, { numRuns: 300 });
}, 30_000);
