import type { Log } from '../../base/log.ts';
import type { Environment } from '../../base/setting.ts';
import type { TraceConfig } from '../../framework/context/types.ts';
import type { SidecarCall } from '../../framework/dapr/sidecar.ts';
import type { Tracer } from '../../framework/tracer.ts';
import { Batches, type SendBatch } from '../batches.ts';
import { describeCalls } from '../describe-call.ts';
import { isToken } from '../header.ts';
import { makeTracer, withHeaders } from '../make-tracer.ts';
import { readRows } from '../parse.ts';
import { commonAttributes, type Subject } from '../subject.ts';
import { appInstrument, registeredApi } from './app-provider.ts';
import type { Baggage } from './baggage.ts';
import { destinationOf, type Destination } from './destination.ts';
import type { Origin } from './otlp-message.ts';
import { ownInstrument } from './own-instrument.ts';
import { makePropagation } from './propagation.ts';
import { resourceOf } from './resource.ts';
import { makeSampler } from './sampler.ts';
import { OTEL_SETTINGS, type OtelSettings } from './settings.ts';
import type { EndedSpan } from './span.ts';

/** Makes the tracer of OpenTelemetry, by the application's own provider if it has one; undefined when it is disabled. */
export async function openTelemetry(
  config: TraceConfig,
  subject: Subject,
  env: Environment,
  log: Log,
): Promise<Tracer | undefined> {
  const { tags = {}, baggage = {}, provider } = config;
  const settings = readRows(OTEL_SETTINGS, env, (line) => log.warn(line));
  if (settings.disabled) return undefined;
  const scope = { name: '@openfunction/functions-framework', version: subject.version };
  const describeCall = describeCalls(subject.name, commonAttributes(subject, tags));
  const registered = registeredApi(globalThis);
  if (registered !== undefined) {
    return makeTracer({ instrument: appInstrument(registered, scope), describeCall, address: withContext });
  }
  warnOfNames(baggage, log);
  const destination = destinationOf(provider?.exporter, settings, (line) => log.warn(line));
  const origin: Origin = { resource: resourceOf(subject, settings, env), scope };
  const batches = await batchesOf(destination, origin, settings, log);
  const instrument = ownInstrument({
    sampler: makeSampler(settings.sampler, settings.samplerArgument),
    propagation: makePropagation(settings.propagators, baggage),
    limits: settings,
    baggage,
    export: (span) => batches?.add(span),
    flush: async () => batches?.flush(),
  });
  return makeTracer({ instrument, describeCall, address: withContext });
}

/** Baggage travels by names that can stand in a header. */
function warnOfNames(baggage: Baggage, log: Log): void {
  const names = Object.keys(baggage).filter((name) => !isToken(name));
  if (names.length === 0) return;
  const listed = names.map((name) => JSON.stringify(name)).join(', ');
  log.warn(`The baggage of tracing has names that no header can have, and goes without them: ${listed}.`);
}

async function batchesOf(
  destination: Destination | undefined,
  origin: Origin,
  limits: OtelSettings,
  log: Log,
): Promise<Batches<EndedSpan> | undefined> {
  if (destination === undefined) return undefined;
  return new Batches(await senderOf(destination, origin), limits, log);
}

async function senderOf({ kind, target }: Destination, origin: Origin): Promise<SendBatch<EndedSpan>> {
  if (kind === 'grpc') return (await import('./otlp-over-grpc.ts')).otlpOverGrpc(target, origin);
  const { otlpOverHttp, zipkin } = await import('./exporters.ts');
  return kind === 'zipkin' ? zipkin(target, origin) : otlpOverHttp(target, origin);
}

const TRACEPARENT = /^00-/;

/**
 * A sidecar that does not trace takes the context of an event from nowhere but its metadata:
 * https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-cloudevents/#replace-dapr-generated-cloudevents-values
 */
export function withContext(call: SidecarCall, headers: Readonly<Record<string, string>>): SidecarCall {
  const { traceparent = '', tracestate } = headers;
  const { path } = call;
  const isEvent = path.startsWith('/v1.0/publish/') && !path.includes('metadata.cloudevent.traceparent=');
  if (!isEvent || !TRACEPARENT.test(traceparent)) return withHeaders(call, headers);
  const state = tracestate ? `&metadata.cloudevent.tracestate=${encodeURIComponent(tracestate)}` : '';
  const query = `${path.includes('?') ? '&' : '?'}metadata.cloudevent.traceparent=${traceparent}${state}`;
  return withHeaders({ ...call, path: path + query }, headers);
}
