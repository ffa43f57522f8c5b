import { expect, test } from 'vitest';
import { Out } from '../../../src/framework/context/out.ts';
import { HookAbort } from '../../../src/framework/plugin/hook-abort.ts';
import type { OpenFunctionInvocation } from '../../../src/framework/context/runtime.ts';
import { bindRuntime } from '../../../src/framework/context/bind-runtime.ts';
import { defaultContext } from '../../../src/framework/context/default-context.ts';
import { makeServicesOf } from '../../../src/framework/context/services.ts';
import { BindingMessage } from '../../../src/framework/dapr/binding-message.ts';
import type { SidecarCall } from '../../../src/framework/dapr/sidecar.ts';
import { readPlatform } from '../../../src/framework/platform.ts';
import type { Tracer } from '../../../src/framework/tracer.ts';
import { describeCalls } from '../../../src/tracing/describe-call.ts';
import { makeTracer } from '../../../src/tracing/make-tracer.ts';
import { withContext } from '../../../src/tracing/opentelemetry/open.ts';
import { ownInstrument } from '../../../src/tracing/opentelemetry/own-instrument.ts';
import { makePropagation } from '../../../src/tracing/opentelemetry/propagation.ts';
import { makeSampler, type SamplerName } from '../../../src/tracing/opentelemetry/sampler.ts';
import type { EndedSpan } from '../../../src/tracing/opentelemetry/span.ts';
import { serve } from '../../support/function-server.ts';

/** A tracer, and what it has recorded. */
function trace(sampler: SamplerName = 'always_on', limits = { attributes: 128, length: Infinity }) {
  const spans: EndedSpan[] = [];
  const instrument = ownInstrument({
    sampler: makeSampler(sampler, 1),
    propagation: makePropagation(['tracecontext', 'baggage'], {}),
    limits,
    baggage: {},
    export: (span) => void spans.push(span),
    flush: async () => {},
  });
  const tracer = makeTracer({
    instrument,
    describeCall: describeCalls('hello', { team: 'blue' }),
    address: withContext,
  });
  return { tracer, spans };
}

function invocation(): OpenFunctionInvocation {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const Runtime = bindRuntime(makeServicesOf(defaultContext('hello'), readPlatform({}), quiet)('hello'));
  const event = { name: 'queue', data: Buffer.from('[1]'), metadata: {} };
  return new Runtime(undefined, undefined, new BindingMessage('in', event));
}

test('who waits for a function waits for its own promise', async () => {
  const { tracer, spans } = trace();
  const promise = Promise.resolve(5);
  expect(tracer.around(invocation(), () => promise)).toBe(promise);
  expect(tracer.hook(invocation(), 'auth', 'execPreHook', () => promise)).toBe(promise);
  expect(tracer.around(invocation(), () => 6)).toBe(6);
  expect(spans).toHaveLength(1);
  await promise;
  expect(spans).toHaveLength(3);
});

test('what only behaves like a promise is waited for once', async () => {
  const { tracer, spans } = trace();
  let begun = 0;
  const thenable = {
    // oxlint-disable-next-line unicorn/no-thenable -- this is about those
    then: (resolve: (value: number) => void) => {
      begun += 1;
      resolve(5);
    },
  };
  expect(await tracer.around(invocation(), () => thenable)).toBe(5);
  expect([begun, spans.length]).toEqual([1, 1]);
});

test.each<[string, () => unknown, string | undefined]>([
  ['throws', () => Promise.reject(new TypeError('no')), 'no'],
  ['throws at once', () => fail(new Error('at once')), 'at once'],
  ['throws text', () => Promise.reject('text'), 'text'],
  ['returns a failure', () => new Out(500, undefined, new Error('out')), 'out'],
  ['returns a success', () => new Out(200), undefined],
  ['is ended by a hook', () => Promise.reject(new HookAbort(403)), undefined],
  ['is ended by a hook as a failure', () => Promise.reject(new HookAbort(503)), 'A hook ended the call with 503.'],
])('a function that %s', async (_, act, failure) => {
  const { tracer, spans } = trace();
  await Promise.allSettled([new Promise((resolve) => resolve(tracer.around(invocation(), act)))]);
  expect(spans[0]).toMatchObject({ name: 'hello', kind: 'consumer', failure });
});

function fail(error: Error): never {
  throw error;
}

test('sends below a function carry its trace; what a function says itself stays', async () => {
  const { tracer, spans } = trace();
  const calls: SidecarCall[] = [];
  const make = async (call: SidecarCall) => {
    calls.push(call);
    return { status: calls.length === 1 ? 204 : 500, headers: {}, body: Buffer.alloc(0) };
  };
  const send = (path: string, headers = {}) => tracer.send({ method: 'POST', path, headers }, make);
  await tracer.around(invocation(), async () => {
    await send('/v1.0/publish/shop/a%20b?metadata.ttl=1');
    await send('/v1.0/state/db', { traceparent: 'mine' });
  });
  const [first, second, whole] = spans;
  expect([first?.name, first?.kind, first?.failure]).toEqual(['send a b', 'producer', undefined]);
  expect([second?.name, second?.kind, second?.failure]).toEqual(['POST db', 'client', 'The sidecar answered 500.']);
  expect([first?.parent?.spanId, second?.parent?.spanId]).toEqual([whole?.context.spanId, whole?.context.spanId]);
  const traceparent = `00-${first?.context.traceId}-${first?.context.spanId}-01`;
  expect(calls[0]).toEqual({
    method: 'POST',
    path: `/v1.0/publish/shop/a%20b?metadata.ttl=1&metadata.cloudevent.traceparent=${traceparent}`,
    headers: { traceparent },
  });
  expect(calls[1]?.headers).toEqual({ traceparent: 'mine' });
});

test.each([
  ['/v1.0/publish/ps/t', 'send t', 'producer', { 'component.type': 'pubsub', 'component.name': 'ps' }],
  ['/v1.0/bindings/mq', 'send mq', 'producer', { 'component.type': 'bindings', 'component.name': 'mq' }],
  ['/v1.0/invoke/app/method/a/b?c', 'PUT app/a/b', 'client', { 'peer.service': 'app', 'url.path': '/a/b' }],
  ['/v1.0-alpha1/state/db/query', 'PUT db', 'client', { 'component.type': 'state' }],
  ['/v1.0/secrets/store/key?x', 'PUT /v1.0/secrets/store/key', 'client', { 'url.path': '/v1.0/secrets/store/key' }],
])('the span of %s', async (path, name, kind, attributes) => {
  const { tracer, spans } = trace();
  await tracer.send({ method: 'PUT', path }, async () => ({ status: 200, headers: {}, body: Buffer.alloc(0) }));
  expect(spans[0]).toMatchObject({ name, kind });
  expect(Object.fromEntries(spans[0]?.attributes ?? [])).toMatchObject(attributes);
});

test('nothing is recorded of a trace that is not sampled, which is told on', async () => {
  const { tracer, spans } = trace('always_off');
  let headers: unknown;
  await tracer.around(invocation(), () =>
    tracer.send({ method: 'POST', path: '/v1.0/invoke/a/method/b' }, async (call) => {
      headers = call.headers;
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    }),
  );
  expect(headers).toEqual({ traceparent: expect.stringMatching(/^00-\w{32}-\w{16}-00$/) });
  expect(spans).toEqual([]);
});

test('limits hold', async () => {
  const { tracer, spans } = trace('always_on', { attributes: 3, length: 4 });
  tracer.around(invocation(), () => 1);
  const [span] = spans;
  expect([span?.attributes.size, span?.attributes.get('faas.name')]).toEqual([3, 'hell']);
  expect(span?.droppedAttributes).toBeGreaterThan(3);
});

test.each(['http', 'openfunction', 'cloudevent'] as const)(
  'the span of a request lasts until its answer is gone: %s',
  async (signature) => {
    const { tracer, spans } = trace();
    const running: ReturnType<Tracer['current']>[] = [];
    const handler = async (...[, res]: readonly { end?: (text: string) => void }[]) => {
      await Promise.resolve();
      running.push(tracer.current());
      if (signature === 'http') res?.end?.('x');
      return 'x';
    };
    const { call, app } = await serve(handler, signature, { tracer, context: { name: 'hello' } });
    const headers = {
      'content-type': 'application/cloudevents+json',
      'ce-traceparent': `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    const body = '{"specversion":"1.0","id":"1","source":"s","type":"t"}';
    expect((await call({ method: 'POST', headers, body })).status).toBe(200);
    await app.close(100);
    expect(spans).toHaveLength(1);
    const [span] = spans;
    expect(span).toMatchObject({ name: 'hello', kind: 'server', parent: { spanId: 'b'.repeat(16) }, isRemote: true });
    expect(running).toEqual([expect.objectContaining({ spanId: span?.context.spanId, traceId: 'a'.repeat(32) })]);
    expect(span?.attributes.get('http.response.status_code')).toBe(200);
  },
);
