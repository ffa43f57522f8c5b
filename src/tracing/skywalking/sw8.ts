import type { Carrier } from '../../framework/dapr/carrier.ts';

/** Where a span stands, for those who go on from it. */
export interface Sw8 {
  /** 0 for traces that nobody records. */
  readonly sampled: boolean;
  readonly traceId: string;
  readonly segmentId: string;
  readonly spanId: number;
  readonly service: string;
  readonly instance: string;
  readonly endpoint: string;
  readonly peer: string;
}

const PARTS = 8;

/**
 * Reads the header `sw8`; undefined where it is none:
 * https://skywalking.apache.org/docs/main/latest/en/api/x-process-propagation-headers-v3/
 */
export function parseSw8(header: string | undefined): Sw8 | undefined {
  const parts = (header ?? '').split('-');
  const [sample, trace = '', segment = '', span = '', ...names] = parts;
  if (parts.length !== PARTS || !/^\d+$/.test(span)) return undefined;
  const [traceId = '', segmentId = '', service = '', instance = '', endpoint = '', peer = ''] = [
    trace,
    segment,
    ...names,
  ].map(decode);
  if (traceId === '' || segmentId === '') return undefined;
  return { sampled: sample !== '0', traceId, segmentId, spanId: Number(span), service, instance, endpoint, peer };
}

/** Writes it. */
export function formatSw8({ sampled, traceId, segmentId, spanId, service, instance, endpoint, peer }: Sw8): string {
  const names = [service, instance, endpoint, peer].map(encode);
  return [sampled ? '1' : '0', encode(traceId), encode(segmentId), String(spanId), ...names].join('-');
}

/** What travels with a trace. */
export type Correlation = Readonly<Record<string, string>>;

/** Reads `sw8-correlation`. */
export function parseCorrelation(carrier: Carrier): Record<string, string> {
  const pairs = (carrier('sw8-correlation') ?? '').split(',').flatMap((pair): [string, string][] => {
    const [key = '', value = ''] = pair.split(':').map(decode);
    return key === '' ? [] : [[key, value]];
  });
  return Object.fromEntries(pairs);
}

/** Writes it; empty when there is nothing to say. */
export function formatCorrelation(correlation: Correlation): string {
  const pairs = Object.entries(correlation).map(([key, value]) => `${encode(key)}:${encode(value)}`);
  return pairs.join(',');
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString();
}
