import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Request, Response } from '../../../src/framework/http/types.ts';
import type { SignatureType } from '../../../src/framework/signature/types.ts';
import { serve } from '../../support/function-server.ts';

/** Looks at all that a request has. */
const curious = (req: Request, res: Response): void => {
  const seen = [
    req.query,
    req.params,
    req.path,
    req.ips,
    req.hostname,
    req.subdomains,
    req.is('json'),
    req.executionId,
  ];
  const more = [req.accepts('json'), req.acceptsLanguages('de'), req.range(10), req.spanId, req.protocol, req.body];
  res.json([seen.length, more.length, typeof req.body]);
};

const functions: readonly [SignatureType, unknown][] = [
  ['http', curious],
  ['event', (data: unknown, context: unknown) => [typeof data, typeof context]],
  ['cloudevent', (event: unknown) => typeof event],
  ['typed', (value: unknown) => ({ value })],
  ['openfunction', (ctx: { cloudEvent: unknown }, data: unknown) => [typeof ctx.cloudEvent, typeof data]],
];

const token = fc.stringMatching(/^[a-zA-Z0-9-]{1,12}$/);
const value = fc.stringMatching(/^[!-~]([ -~\u00A1-\u00FF]{0,40}[!-~])?$/);
const known = fc.constantFrom(
  'content-type',
  'content-encoding',
  'accept',
  'range',
  'host',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'traceparent',
  'x-cloud-trace-context',
  'function-execution-id',
  'cookie',
  'ce-id',
  'ce-type',
  'ce-source',
  'ce-specversion',
  'ce-time',
);
const type = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-16',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain; charset=nonsense',
  ';',
);
const event = fc.record(
  {
    id: fc.jsonValue(),
    source: fc.jsonValue(),
    type: fc.constantFrom('google.cloud.pubsub.topic.v1.messagePublished', 'x', 5),
    specversion: fc.jsonValue(),
    data: fc.jsonValue(),
    data_base64: fc.jsonValue(),
    context: fc.jsonValue(),
    resource: fc.jsonValue(),
    eventType: fc.constantFrom(
      'google.storage.object.finalize',
      'providers/google.firebase.database/eventTypes/ref.write',
    ),
    domain: fc.jsonValue(),
    subscription: fc.jsonValue(),
    message: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .oneof(
      fc.json(),
      event.map((one) => JSON.stringify(one)),
      fc.array(event).map((all) => JSON.stringify(all)),
    )
    .map((text) => Buffer.from(text)),
  fc.webQueryParameters().map((text) => Buffer.from(text)),
);
const target = fc.oneof(
  fc.webPath().map((path) => `/${path}`),
  fc.tuple(fc.webPath(), fc.webQueryParameters()).map(([path, query]) => `/${path}?${query}`),
  fc.stringMatching(/^\/[!-~]{0,60}$/),
);
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT', 'HEAD', 'OPTIONS'),
  target,
  headers: fc.array(fc.tuple(fc.oneof(known, token), value), { maxLength: 8 }),
  type: fc.option(type, { nil: undefined }),
  body,
});

const RESERVED = new Set(['content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade', 'te', 'trailer']);

/** Sends a request byte for byte and gives the status of the answer, and its text. */
async function send(
  port: number,
  { method, target, headers, type, body }: typeof requests extends fc.Arbitrary<infer T> ? T : never,
) {
  const lines = headers.filter(([name]) => !RESERVED.has(name.toLowerCase())).map(([name, text]) => `${name}: ${text}`);
  if (!lines.some((line) => /^host:/i.test(line))) lines.push('Host: a');
  if (type !== undefined) lines.push(`Content-Type: ${type}`);
  lines.push('Connection: close', `Content-Length: ${body.length}`);
  const socket = connect(port, '127.0.0.1');
  socket.write(
    Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]),
  );
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), text };
}

test.each(functions)(
  '%s: whatever comes is answered, without a stack, and the server lives',
  async (signature, handler) => {
    const { port } = await serve(handler, signature, { env: { FUNC_BODY_LIMIT: '1kb' } });
    const property = fc.asyncProperty(requests, async (request) => {
      const { status, text } = await send(port, request);
      expect([200, 204, 400, 404, 413, 415, 500]).toContain(status);
      expect(text).not.toMatch(/\n\s+at \S+ \(|node_modules|\/src\/framework\//);
    });
    await fc.assert(property, { numRuns: 300 });
  },
  30_000,
);

test('http functions never fail because of what a client sends', async () => {
  const { port, logged } = await serve(curious);
  const property = fc.asyncProperty(requests, async (request) => {
    const { status } = await send(port, request);
    expect([200, 400, 404, 413, 415]).toContain(status);
  });
  await fc.assert(property, { numRuns: 300 });
  expect(logged).toEqual([]);
}, 30_000);
