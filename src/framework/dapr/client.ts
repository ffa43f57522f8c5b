import { accepted, valueOf } from './answer.ts';
import { bindingPayload, jsonOf, metadataQuery, payloadOf } from './payload.ts';
import { escapePath, segment } from './segment.ts';
import type { Sidecar, SidecarAnswer, SidecarCall } from './sidecar.ts';

/** Metadata of a message or a call, as the component defines it. */
export type Metadata = Readonly<Record<string, string>>;

/** How another application is called. */
export interface InvokeOptions {
  /** POST when it is left out. */
  readonly verb?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A thin client of Dapr's HTTP API: https://docs.dapr.io/reference/api/. Answers that are JSON are parsed; a refusal is a
 * DaprError.
 */
export interface DaprClient {
  /** Publishes to a topic of a pub/sub component. */
  publish(component: string, topic: string, payload: unknown, metadata?: Metadata): Promise<void>;
  /** Calls an operation of an output binding; gives its answer, undefined when that is empty. */
  invokeBinding(component: string, operation: string, data?: unknown, metadata?: Metadata): Promise<unknown>;
  /** Calls a method of another application by its app-id; gives its answer, undefined when that is empty. */
  invoke(appId: string, method: string, data?: unknown, options?: InvokeOptions): Promise<unknown>;
  /** The values of a secret by their names. */
  getSecret(store: string, key: string, metadata?: Metadata): Promise<unknown>;
  /** Any other call; its answer whatever the status. */
  request(call: SidecarCall): Promise<SidecarAnswer>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Makes a client of a sidecar. */
export function makeClient(sidecar: Sidecar): DaprClient {
  return {
    request: (call) => sidecar.call(call),
    async publish(component, topic, payload, metadata) {
      const { body, contentType } = payloadOf(payload);
      const path = `/v1.0/publish/${segment(component)}/${segment(topic)}${metadataQuery(metadata)}`;
      accepted(await sidecar.call({ method: 'POST', path, body, headers: { 'content-type': contentType } }));
    },
    async invokeBinding(component, operation, data, metadata = {}) {
      const body = jsonOf({ operation, data: bindingPayload(data), metadata });
      const path = `/v1.0/bindings/${segment(component)}`;
      return valueOf(accepted(await sidecar.call({ method: 'POST', path, headers: JSON_TYPE, body })));
    },
    async invoke(appId, method, data, { verb = 'POST', headers = {} } = {}) {
      const payload = data === undefined ? undefined : payloadOf(data);
      const type = payload === undefined ? {} : { 'content-type': payload.contentType };
      const path = `/v1.0/invoke/${segment(appId)}/method/${escapePath(method.replace(/^\//, ''))}`;
      const sent = payload === undefined ? {} : { body: payload.body };
      return valueOf(accepted(await sidecar.call({ method: verb, path, headers: { ...type, ...headers }, ...sent })));
    },
    async getSecret(store, key, metadata) {
      const path = `/v1.0/secrets/${segment(store)}/${segment(key)}${metadataQuery(metadata)}`;
      return valueOf(accepted(await sidecar.call({ method: 'GET', path })));
    },
  };
}
