import type { ClientHttp2Session } from 'node:http2';
import { loadHttp2 } from '../builtin.ts';
import {
  decodeListInputBindingsResponse,
  decodeBindingEventResponse,
  encodeBindingEventRequest,
} from '../grpc/binding.ts';
import { callUnary, type UnaryResult } from '../grpc/call-unary.ts';
import { decodeInvokeResponse, encodeInvokeRequest, HTTP_VERBS } from '../grpc/invoke.ts';
import { APP_CALLBACK_METHODS } from '../grpc/methods.ts';
import { GRPC_STATUS } from '../grpc/status.ts';
import { decodeListTopicSubscriptionsResponse, type TopicSubscription } from '../grpc/subscription.ts';
import { decodeTopicEventBulkResponse, encodeTopicEventBulkRequest } from '../grpc/topic-event-bulk.ts';
import { decodeTopicEventResponse, encodeTopicEventRequest, TOPIC_EVENT_STATUS } from '../grpc/topic-event.ts';
import { textOf } from '../table.ts';
import { jsonAnswer, type ApiAnswer, type ApiRequest } from './api.ts';
import {
  BULK_TYPE,
  bulkBounds,
  type AppChannel,
  type BulkEntry,
  type Subscription,
  type TopicAnswer,
  type TopicDelivery,
} from './app-channel.ts';
import { grpcEnvelopeOf } from './grpc-envelope.ts';

type Method = keyof typeof APP_CALLBACK_METHODS;
type Call = (method: Method, message: Uint8Array, headers?: Readonly<Record<string, string>>) => Promise<UnaryResult>;

const EMPTY = new Uint8Array();
const UNFIT: TopicAnswer = { outcome: 'RETRY', reason: 'unexpected data type encountered in envelope' };

/**
 * Calls an app by gRPC, as daprd does: https://github.com/dapr/dapr/blob/v1.16.5/pkg/runtime/subscription/postman/grpc for
 * what its answers mean.
 */
export function openGrpcChannel(port: number, appToken: string | undefined): AppChannel {
  const { connect, close } = makeConnection(port);
  const token = appToken === undefined ? {} : { 'dapr-api-token': appToken };
  // daprd asks without the token.
  const ask: Call = (method, message) => callUnary(connect(), APP_CALLBACK_METHODS[method], message);
  const call: Call = (method, message, headers) =>
    callUnary(connect(), APP_CALLBACK_METHODS[method], message, { ...headers, ...token });
  let bindings: Promise<readonly string[]> | undefined;
  return {
    async subscriptions() {
      const message = await answered(ask, 'listTopicSubscriptions');
      return message === undefined
        ? []
        : decodeListTopicSubscriptionsResponse(message).subscriptions.map(subscriptionOf);
    },
    async listensTo(binding) {
      bindings ??= answered(ask, 'listInputBindings').then((message) =>
        message === undefined ? [] : decodeListInputBindingsResponse(message).bindings,
      );
      return (await bindings).includes(binding);
    },
    deliver: (delivery) => deliver(call, delivery),
    deliverBulk: (subscription, entries) => deliverBulk(call, subscription, entries),
    async trigger(binding, _route, data, metadata) {
      const result = await call('onBindingEvent', encodeBindingEventRequest({ name: binding, data, metadata }));
      const { message, status, statusMessage } = result;
      const body = message === undefined ? statusMessage : decodeBindingEventResponse(message).data.toString();
      return { ok: status === GRPC_STATUS.OK, status, body };
    },
    invoke: (request) => invoke(call, request),
    close,
  };
}

/** A connection that is made again once it is gone. */
function makeConnection(port: number): { readonly connect: () => ClientHttp2Session; readonly close: () => void } {
  let session: ClientHttp2Session | undefined;
  return {
    connect() {
      if (session === undefined || session.closed || session.destroyed) {
        session = loadHttp2().connect(`http://127.0.0.1:${port}`);
        // Each call says for itself that it could not be made.
        session.on('error', () => {});
      }
      return session;
    },
    close: () => session?.destroy(),
  };
}

/** Undefined when the app does not have the method; rejects when the call failed in another way. */
async function answered(ask: Call, method: Method): Promise<Buffer | undefined> {
  const { message, status, statusMessage } = await ask(method, EMPTY);
  if (message !== undefined || status === GRPC_STATUS.UNIMPLEMENTED) return message;
  throw new Error(`The app answered ${APP_CALLBACK_METHODS[method]} with ${status}: ${statusMessage}`);
}

function subscriptionOf({
  pubsubName,
  routes,
  deadLetterTopic,
  bulkSubscribe,
  ...same
}: TopicSubscription): Subscription {
  if (routes !== undefined && routes.rules.length > 0) {
    throw new Error('The fake sidecar has no CEL, which "rules" need.');
  }
  const { enabled = false, maxMessagesCount = 0, maxAwaitDurationMs = 0 } = bulkSubscribe ?? {};
  return {
    ...same,
    pubsub: pubsubName,
    path: routes?.default ?? '',
    deadLetterTopic: deadLetterTopic || undefined,
    bulk: bulkBounds(enabled, maxMessagesCount, maxAwaitDurationMs),
  };
}

async function deliver(call: Call, { subscription, event }: TopicDelivery): Promise<TopicAnswer> {
  const { pubsub: pubsubName, topic, path } = subscription;
  const envelope = grpcEnvelopeOf(event);
  if (envelope === undefined) return UNFIT;
  const request = encodeTopicEventRequest({ ...envelope, topic, pubsubName, path });
  const traceparent = textOf(event['traceparent']);
  const headers = { pubsubname: pubsubName, ...(traceparent === '' ? {} : { traceparent }) };
  const { message, status, statusMessage } = await call('onTopicEvent', request, headers);
  if (message === undefined) return failureOf(status, statusMessage);
  return outcomeOf(decodeTopicEventResponse(message).status);
}

async function deliverBulk(
  call: Call,
  { pubsub: pubsubName, topic, path }: Subscription,
  entries: readonly BulkEntry[],
): Promise<ReadonlyMap<string, TopicAnswer>> {
  const id = globalThis.crypto.randomUUID();
  const request = encodeTopicEventBulkRequest({
    id,
    topic,
    pubsubName,
    path,
    type: BULK_TYPE,
    metadata: { pubsubName },
    entries: entries.map(({ id: entryId, event }) =>
      Buffer.isBuffer(event)
        ? { entryId, bytes: event, contentType: 'application/octet-stream' }
        : { entryId, cloudEvent: grpcEnvelopeOf(event), contentType: 'application/cloudevents+json' },
    ),
  });
  const { message, status, statusMessage } = await call('onBulkTopicEvent', request, { pubsubname: pubsubName });
  if (message === undefined) return new Map(entries.map((entry) => [entry.id, failureOf(status, statusMessage)]));
  const { statuses } = decodeTopicEventBulkResponse(message);
  return new Map(statuses.map((answer) => [answer.entryId, outcomeOf(answer.status)]));
}

function failureOf(status: number, message: string): TopicAnswer {
  return {
    outcome: status === GRPC_STATUS.UNIMPLEMENTED ? 'NOT_FOUND' : 'RETRY',
    reason: `the app answered with the status ${status} of gRPC: ${message || 'no message'}`,
  };
}

function outcomeOf(status: number): TopicAnswer {
  if (status === TOPIC_EVENT_STATUS.SUCCESS) return { outcome: 'SUCCESS' };
  const outcome = status === TOPIC_EVENT_STATUS.DROP ? 'DROP' : 'RETRY';
  return { outcome, reason: `the app answered with the status "${outcome}"` };
}

/** What statuses of gRPC are in HTTP: https://github.com/dapr/dapr/blob/v1.16.5/pkg/messaging/v1/util.go */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  [GRPC_STATUS.CANCELLED]: 408,
  [GRPC_STATUS.INVALID_ARGUMENT]: 400,
  [GRPC_STATUS.DEADLINE_EXCEEDED]: 504,
  [GRPC_STATUS.NOT_FOUND]: 404,
  [GRPC_STATUS.PERMISSION_DENIED]: 403,
  [GRPC_STATUS.RESOURCE_EXHAUSTED]: 429,
  [GRPC_STATUS.UNIMPLEMENTED]: 501,
  [GRPC_STATUS.UNAVAILABLE]: 503,
  [GRPC_STATUS.UNAUTHENTICATED]: 401,
};

async function invoke(call: Call, { method: verb, path, query, headers, body }: ApiRequest): Promise<ApiAnswer> {
  const extension = { verb: HTTP_VERBS.findIndex((one) => one === verb), querystring: query.toString() };
  const contentType = headers['content-type'] ?? '';
  const request = { method: path, data: { value: body }, contentType, httpExtension: extension };
  const { message, status, statusMessage } = await call('onInvoke', encodeInvokeRequest(request));
  if (message === undefined) {
    return jsonAnswer({ code: status, message: statusMessage }, HTTP_STATUS[status] ?? 500);
  }
  const answer = decodeInvokeResponse(message);
  return {
    status: 200,
    headers: { 'content-type': answer.contentType || 'application/json' },
    body: answer.data?.value ?? Buffer.alloc(0),
  };
}
