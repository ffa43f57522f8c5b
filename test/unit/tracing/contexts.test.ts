import { expect, test } from 'vitest';
import { carrierOf } from '../../../src/framework/dapr/carrier.ts';
import { formatBaggage, parseBaggage } from '../../../src/tracing/opentelemetry/baggage.ts';
import { makeIds } from '../../../src/tracing/opentelemetry/ids.ts';
import { makePropagation } from '../../../src/tracing/opentelemetry/propagation.ts';
import { parseTraceparent } from '../../../src/tracing/opentelemetry/trace-context.ts';
import { makeSampler, SAMPLERS } from '../../../src/tracing/opentelemetry/sampler.ts';
import { formatCorrelation, formatSw8, parseCorrelation, parseSw8 } from '../../../src/tracing/skywalking/sw8.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const CONTEXT = { traceId: TRACE, spanId: SPAN, sampled: true, traceState: '' };

test('places of a carrier are looked at in order; a trace of zeros is none', () => {
  const zeros = `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`;
  const find = carrierOf(undefined, { traceparent: zeros, a: '1', b: '' }, { traceparent: 'x', a: '2', b: '3', c: 4 });
  expect(['traceparent', 'a', 'b', 'c'].map(find)).toEqual(['x', '1', '3', undefined]);
});

test.each([
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  [` 00-${TRACE}-${SPAN}-03 `, true],
  [`cc-${TRACE}-${SPAN}-01-what-the-future-has`, true],
])('the traceparent %j is one', (traceparent, sampled) => {
  const { extract } = makePropagation(['tracecontext', 'baggage'], {});
  expect(extract(carrierOf({ traceparent, tracestate: 'k=v' })).parent).toEqual({
    ...CONTEXT,
    sampled,
    traceState: 'k=v',
  });
});

test.each([
  '',
  'text',
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-01-more`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
])('the traceparent %j is none', (traceparent) => {
  expect(makePropagation(['tracecontext'], {}).extract(carrierOf({ traceparent })).parent).toBeUndefined();
});

test('what is sent along is what was asked for', () => {
  const traced = { ...CONTEXT, traceState: 'k=v' };
  expect(makePropagation(['tracecontext', 'baggage'], {}).inject(traced, { a: 'b c', d: 'é' })).toEqual({
    traceparent: `00-${TRACE}-${SPAN}-01`,
    tracestate: 'k=v',
    baggage: 'a=b%20c,d=%C3%A9',
  });
  expect(makePropagation(['b3', 'b3multi'], {}).inject({ ...CONTEXT, sampled: false }, {})).toEqual({
    b3: `${TRACE}-${SPAN}-0`,
    'x-b3-traceid': TRACE,
    'x-b3-spanid': SPAN,
    'x-b3-sampled': '0',
  });
  expect(makePropagation([], { a: 'b' }).inject(CONTEXT, { a: 'b' })).toEqual({});
});

test.each([
  [{ b3: `${TRACE}-${SPAN}-1` }, CONTEXT],
  [{ b3: `${TRACE.slice(16)}-${SPAN}` }, { ...CONTEXT, traceId: TRACE.slice(16).padStart(32, '0') }],
  [
    { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '0' },
    { ...CONTEXT, sampled: false },
  ],
  [{ b3: '0' }, undefined],
])('B3 in %j is read', (headers, expected) => {
  expect(makePropagation(['b3'], {}).extract(carrierOf(headers)).parent).toEqual(expected);
});

test('baggage is read and written, the own over what came', () => {
  expect(parseBaggage('a=1;p=q, b = %C3%A9 ,=x,c')).toEqual({ a: '1', b: 'é' });
  const { extract } = makePropagation(['baggage'], { a: 'own' });
  expect(extract(carrierOf({ baggage: 'a=1,b=2' })).baggage).toEqual({ a: 'own', b: '2' });
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'x'.repeat(200)]));
  expect(formatBaggage(many).length).toBeLessThanOrEqual(8192);
});

test('sw8 is read and written', () => {
  const sw8 = {
    sampled: true,
    traceId: 't-1',
    segmentId: 's',
    spanId: 3,
    service: 'ä',
    instance: 'i',
    endpoint: '/e',
    peer: '',
  };
  expect(parseSw8(formatSw8(sw8))).toEqual(sw8);
  expect(parseSw8(formatSw8({ ...sw8, sampled: false }))).toEqual({ ...sw8, sampled: false });
  expect([undefined, '', '1-2-3', formatSw8({ ...sw8, traceId: '' }), `${formatSw8(sw8)}-x`].map(parseSw8)).toEqual(
    Array.from({ length: 5 }),
  );
  const correlation = { tier: 'gold', 'a:b': 'c,d' };
  expect(parseCorrelation(carrierOf({ 'sw8-correlation': formatCorrelation(correlation) }))).toEqual(correlation);
  expect(parseCorrelation(carrierOf({}))).toEqual({});
});

test.each(SAMPLERS)('the sampler %s', (name) => {
  const sample = makeSampler(name, 0.25);
  const { traceId } = makeIds();
  const ids = Array.from({ length: 4000 }, traceId);
  const share = ids.filter((id) => sample(id, undefined)).length / ids.length;
  const expected = name.endsWith('always_on') ? 1 : name.endsWith('always_off') ? 0 : 0.25;
  expect(Math.abs(share - expected)).toBeLessThan(0.05);
  if (!name.startsWith('parentbased')) return;
  expect([true, false].map((sampled) => sample(TRACE, { ...CONTEXT, sampled }))).toEqual([true, false]);
});

test('ids have their lengths and differ', () => {
  const { traceId, spanId } = makeIds();
  const ids = Array.from({ length: 2000 }, () => [traceId(), spanId()]).flat();
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids.map((id) => id.length))).toEqual(new Set([32, 16]));
});

test.each(['a=中', 'a=b\r\nc: d', 'x'.repeat(513)])('a tracestate that no header can have is none: %j', (state) => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  expect(parseTraceparent(traceparent, state)?.traceState).toBe('');
});

test('baggage that no header can have is left out', () => {
  expect(formatBaggage({ 团队: 'x', 'a b': 'x', k: '\uD800', ok: 'ä' })).toBe('k=%EF%BF%BD,ok=%C3%A4');
});
