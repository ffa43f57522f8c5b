import { expect, test } from 'vitest';
import type { SidecarCall } from '../../../src/framework/dapr/sidecar.ts';
import type { Instrument, OpenSpan } from '../../../src/tracing/instrument.ts';
import { makeTracer } from '../../../src/tracing/make-tracer.ts';

const CALL: SidecarCall = { method: 'POST', path: '/v1.0/bindings/o', headers: { own: 'x' } };

function failing(): never {
  throw new Error('of tracing');
}

/** An application's own provider, whose parts may be of any quality. */
function tracerWith(span: Partial<OpenSpan>, begin?: () => never) {
  const quiet: OpenSpan = {
    traceId: 't',
    spanId: 's',
    set: () => {},
    fail: () => {},
    end: () => {},
    headers: () => ({}),
    ...span,
  };
  const instrument: Instrument = {
    begin: begin ?? (() => quiet),
    within: (_span, act) => act(),
    current: () => undefined,
    flush: () => Promise.resolve(),
  };
  return makeTracer({ instrument, describeCall: () => failing() });
}

async function sentBy(tracer: ReturnType<typeof tracerWith>): Promise<SidecarCall | undefined> {
  let made: SidecarCall | undefined;
  await tracer.send(CALL, (call) => {
    made = call;
    return Promise.resolve({ status: 204, headers: {}, body: Buffer.of() });
  });
  return made;
}

test('a call is made without the headers that tracing fails to make', async () => {
  expect(await sentBy(tracerWith({ headers: failing }))).toEqual(CALL);
  expect(await sentBy(tracerWith({}, failing))).toEqual(CALL);
  const headers = (): Record<string, string> => ({ 'a b': 'x', c: 'd\n', e: 'é', good: 'g' });
  expect(await sentBy(tracerWith({ headers }))).toMatchObject({ headers: { own: 'x', good: 'g' } });
});

test('a span that can be neither ended nor marked fails nothing', async () => {
  const tracer = tracerWith({ set: failing, fail: failing, end: failing });
  expect(await sentBy(tracer)).toEqual(CALL);
});
