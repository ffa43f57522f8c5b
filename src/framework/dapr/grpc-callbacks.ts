import {
  decodeBindingEventRequest,
  encodeBindingEventResponse,
  encodeListInputBindingsResponse,
} from '../grpc/binding.ts';
import { APP_CALLBACK_METHODS as METHODS } from '../grpc/methods.ts';
import type { UnaryHandler } from '../grpc/serve-unary.ts';
import { GRPC_STATUS, GrpcError } from '../grpc/status.ts';
import { encodeListTopicSubscriptionsResponse } from '../grpc/subscription.ts';
import { decodeTopicEventBulkRequest, encodeTopicEventBulkResponse } from '../grpc/topic-event-bulk.ts';
import { decodeTopicEventRequest, encodeTopicEventResponse, TOPIC_EVENT_STATUS } from '../grpc/topic-event.ts';
import { BindingMessage } from './binding-message.ts';
import type { Deliver, Outcome, Verdict } from './deliver.ts';
import { eventsOf } from './grpc-bulk.ts';
import { GrpcTopicMessage } from './grpc-topic-message.ts';
import { payloadOf } from './payload.ts';
import { subscriptionsOf } from './subscriptions.ts';
import { triggerFinder } from './trigger-finder.ts';
import type { TopicTrigger, Trigger } from './triggers.ts';
import type { Verdicts } from './verdicts.ts';

/** What takes callbacks over gRPC. */
export interface GrpcCallbackOptions {
  readonly triggers: readonly Trigger[];
  readonly deliver: Deliver;
  readonly verdicts: Verdicts;
  readonly isDraining: () => boolean;
}

const NO_BYTES = Buffer.alloc(0);

/**
 * The methods of AppCallback by their paths, for bindings, topics and health:
 * https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto
 */
export function grpcCallbacks(options: GrpcCallbackOptions): Map<string, UnaryHandler> {
  const { triggers, isDraining } = options;
  const topics = triggers.filter((trigger) => trigger.kind === 'topic');
  const bindings = triggers.filter((trigger) => trigger.kind === 'binding');
  const subscriptions = encodeListTopicSubscriptionsResponse({ subscriptions: subscriptionsOf(topics) });
  const inputs = encodeListInputBindingsResponse({ bindings: bindings.map(({ component }) => component) });
  return new Map<string, UnaryHandler>([
    [METHODS.listTopicSubscriptions, () => subscriptions],
    [METHODS.listInputBindings, () => inputs],
    [METHODS.healthCheck, () => (isDraining() ? fail(GRPC_STATUS.UNAVAILABLE, 'the function is ending') : NO_BYTES)],
    ...deliveries(options),
  ]);
}

function deliveries({ triggers, deliver, verdicts }: GrpcCallbackOptions): [string, UnaryHandler][] {
  const find = triggerFinder(triggers);
  const judge = async (message: GrpcTopicMessage): Promise<Verdict> => {
    const outcome = await deliver(message);
    const verdict = await verdicts.settle(message, outcome);
    return verdict === 'RETRY' && verdicts.byFailureAlone ? again(outcome) : verdict;
  };
  const findTopic = (path: string, pubsub: string, topic: string): TopicTrigger =>
    find.topic(path, pubsub, topic) ?? fail(GRPC_STATUS.UNIMPLEMENTED, `no input for the topic ${pubsub}/${topic}`);
  const onTopicEvent: UnaryHandler = async (bytes, { headers }) => {
    const { path, ...event } = decodeTopicEventRequest(bytes);
    const { inputName } = findTopic(path, event.pubsubName, event.topic);
    return ANSWERS[await judge(new GrpcTopicMessage(inputName, event, headers))];
  };
  const onBulkTopicEvent: UnaryHandler = async (bytes) => {
    const bulk = decodeTopicEventBulkRequest(bytes);
    const { inputName } = findTopic(bulk.path, bulk.pubsubName, bulk.topic);
    const statuses = eventsOf(bulk).map(async ({ entryId, event }) => {
      const verdict = await judge(new GrpcTopicMessage(inputName, event));
      return { entryId, status: TOPIC_EVENT_STATUS[verdict] };
    });
    return encodeTopicEventBulkResponse({ statuses: await Promise.all(statuses) });
  };
  const onBindingEvent: UnaryHandler = async (bytes, { headers }) => {
    const event = decodeBindingEventRequest(bytes);
    const trigger = find.binding(event.name) ?? fail(GRPC_STATUS.UNIMPLEMENTED, `no input for ${event.name}`);
    const message = new BindingMessage(trigger.inputName, event, headers);
    const outcome = await deliver(message);
    const verdict = await verdicts.settle(message, outcome);
    if (verdict === 'RETRY') return again(outcome);
    return outcome.data === undefined ? NO_BYTES : encodeBindingEventResponse({ data: bytesOf(outcome.data) });
  };
  return [
    [METHODS.onTopicEvent, onTopicEvent],
    [METHODS.onBulkTopicEvent, onBulkTopicEvent],
    [METHODS.onBindingEvent, onBindingEvent],
  ];
}

const ANSWERS: Readonly<Record<Verdict, Buffer>> = {
  SUCCESS: encodeTopicEventResponse({ status: TOPIC_EVENT_STATUS.SUCCESS }),
  RETRY: encodeTopicEventResponse({ status: TOPIC_EVENT_STATUS.RETRY }),
  DROP: encodeTopicEventResponse({ status: TOPIC_EVENT_STATUS.DROP }),
};

/** A failed call is made again. */
function again({ reason = 'the function asks for a retry' }: Outcome): never {
  return fail(GRPC_STATUS.UNKNOWN, reason);
}

function fail(status: number, message: string): never {
  throw new GrpcError(status, message);
}

function bytesOf(value: unknown): Buffer {
  const { body } = typeof value === 'string' ? { body: value } : payloadOf(value);
  return Buffer.from(body);
}
