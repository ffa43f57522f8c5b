import type { SpanContext } from './span.ts';

/** Those of OTEL_TRACES_SAMPLER. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

/** Says whether a span is recorded: https://opentelemetry.io/docs/specs/otel/trace/sdk/#sampling */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => boolean;

/** Makes one. */
export function makeSampler(name: SamplerName, ratio: number): Sampler {
  if (name.startsWith('parentbased_')) {
    const root = rootSampler(name.slice('parentbased_'.length), ratio);
    return (traceId, parent) => parent?.sampled ?? root(traceId);
  }
  return rootSampler(name, ratio);
}

function rootSampler(name: string, ratio: number): (traceId: string) => boolean {
  if (name === 'always_on') return () => true;
  if (name === 'always_off') return () => false;
  // The last 56 bits are random in every trace: https://www.w3.org/TR/trace-context-2/#random-trace-id-flag
  const threshold = Math.round((1 - ratio) * 2 ** 48);
  return (traceId) => Number.parseInt(traceId.slice(-12), 16) >= threshold;
}
