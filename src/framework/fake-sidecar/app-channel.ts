import type { Table } from '../../base/table.ts';
import type { ApiAnswer, ApiRequest } from './api.ts';

/** What an app says of a message; NOT_FOUND when it has nothing that takes it, after which Dapr loses the message. */
export type Outcome = 'SUCCESS' | 'RETRY' | 'DROP' | 'NOT_FOUND';

/** What an app said of a message. */
export interface TopicAnswer {
  readonly outcome: Outcome;
  /** Why it was no success. */
  readonly reason?: string;
}

/** A topic that an app wants. */
export interface Subscription {
  readonly pubsub: string;
  readonly topic: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where it is delivered to. */
  readonly path: string;
  readonly deadLetterTopic: string | undefined;
  /** How many messages come in one call at most, and how many milliseconds they may wait; undefined when one by one. */
  readonly bulk: { readonly count: number; readonly wait: number } | undefined;
}

/** A message on its way to an app. */
export interface TopicDelivery {
  readonly subscription: Subscription;
  /** The CloudEvent. */
  readonly event: Table;
}

/** One of several messages. */
export interface BulkEntry {
  readonly id: string;
  /** The CloudEvent; bytes where the subscription wants raw payloads. */
  readonly event: Table | Buffer;
}

/** What an app said of a binding's event. */
export interface BindingOutcome {
  /** Whether Dapr takes it for handled. */
  readonly ok: boolean;
  /** Of HTTP; of gRPC where the app speaks that, 0 being success. */
  readonly status: number;
  /** What the app answered, or why it could not be asked. */
  readonly body: string;
}

/** How an app is called, by whichever protocol; what can't be reached rejects. */
export interface AppChannel {
  subscriptions(): Promise<Subscription[]>;
  /** Whether the app listens to an input binding, `route` being its path. */
  listensTo(binding: string, route: string): Promise<boolean>;
  deliver(delivery: TopicDelivery): Promise<TopicAnswer>;
  /** Answers by the ids of entries; one that is missing has to be delivered again. */
  deliverBulk(subscription: Subscription, entries: readonly BulkEntry[]): Promise<ReadonlyMap<string, TopicAnswer>>;
  trigger(
    binding: string,
    route: string,
    data: Buffer,
    metadata: Readonly<Record<string, string>>,
  ): Promise<BindingOutcome>;
  /** Calls a method for another app; `path` of the request is the method's, without the first slash. */
  invoke(request: ApiRequest): Promise<ApiAnswer>;
  close(): void;
}

/** Where an app listens. */
export interface AppAddress {
  /** On loopback. */
  readonly port: number;
  /** `http` when it is left out. */
  readonly protocol?: 'http' | 'grpc';
}

/** The type of a bulk: https://github.com/dapr/components-contrib/blob/v1.16.5/pubsub/envelope.go */
export const BULK_TYPE = 'com.dapr.event.sent.bulk';

/** Dapr's own bounds of a bulk: https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-bulk/ */
const BULK_COUNT = 100;
const BULK_WAIT = 1000;

/** The bounds of a subscription's bulks; undefined when it does not want any. */
export function bulkBounds(enabled: boolean, count: number, wait: number): Subscription['bulk'] {
  return enabled ? { count: count || BULK_COUNT, wait: wait || BULK_WAIT } : undefined;
}

/** Whether an app wants payloads as they were published. */
export function isRaw({ metadata }: Pick<Subscription, 'metadata'>): boolean {
  return metadata['rawPayload'] === 'true';
}
