import type { OpenFunctionComponent, OpenFunctionContext } from '../../src/framework/context/types.ts';
import { serveAll, type Served, type Serving, type Setup } from './function-server.ts';
import type { Call } from './http-call.ts';

/** An input that is a topic. */
export function topicInput(
  uri: string,
  componentName = 'ps',
  metadata?: Record<string, string>,
): OpenFunctionComponent {
  return { componentName, componentType: 'pubsub.redis', uri, ...(metadata === undefined ? {} : { metadata }) };
}

/** An input that is a binding. */
export function bindingInput(componentName: string, more: Partial<OpenFunctionComponent> = {}): OpenFunctionComponent {
  return { componentName, componentType: 'bindings.cron', ...more };
}

/** An input of either kind, as most tests need. */
export const INPUTS = { topic: topicInput('orders'), cron: bindingInput('cron') };
/** Where the sidecar delivers to them. */
export const PATHS = { topic: '/ps--orders--default', cron: '/cron' };

/** How to serve a function that takes messages. */
export interface AsyncSetup extends Omit<Setup, 'context'> {
  readonly inputs?: OpenFunctionContext['inputs'];
  readonly context?: Partial<OpenFunctionContext>;
  readonly served?: Partial<Served>;
}

/** Serves a function that takes messages. */
export function serveAsync(handler: unknown, { inputs = INPUTS, context, served, ...setup }: AsyncSetup = {}) {
  const functions: Served[] = [{ handler, signatureType: 'openfunction', ...served }];
  return serveAll(functions, { ...setup, context: { runtime: 'Async', inputs, ...context } });
}

/** The delivery of a topic's message. */
export function topicCall(event: Record<string, unknown> = {}, path = PATHS.topic): Call {
  const envelope = { specversion: '1.0', id: '1', source: 's', type: 'com.dapr.event.sent', topic: 'orders', ...event };
  const headers = { 'content-type': 'application/cloudevents+json' };
  return { method: 'POST', path, headers, body: JSON.stringify({ pubsubname: 'ps', ...envelope }) };
}

/** The delivery of a binding's message; Dapr calls everything JSON. */
export function bindingCall(body: string | Uint8Array = '{}', path = PATHS.cron): Call {
  return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body };
}

/** Several messages of a topic in one delivery. */
export function bulkCall(entries: unknown, more: Record<string, unknown> = {}): Call {
  const body = { id: 'b', topic: 'orders', pubsubname: 'ps', type: 'com.dapr.event.sent.bulk', metadata: {}, entries };
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path: PATHS.topic, headers, body: JSON.stringify({ ...body, ...more }) };
}

/** Status and body of an answer. */
export async function outcomeOf({ call }: Pick<Serving, 'call'>, given: Call): Promise<[number | undefined, string]> {
  const { status, body } = await call(given);
  return [status, body];
}
