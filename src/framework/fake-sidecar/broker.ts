import { messageOf } from '../../base/error.ts';
import type { Table } from '../../base/table.ts';
import { isRaw, type AppChannel, type Outcome, type Subscription, type TopicAnswer } from './app-channel.ts';
import { collectBulks } from './bulk-collector.ts';
import { parseEnvelope, rawEnvelopeOf } from './envelope.ts';
import type { Pending } from './pending.ts';

/** How often a message is delivered that the app wants again. */
export interface RetryPolicy {
  /** All in all, the first one included. */
  readonly attempts: number;
  /** Milliseconds before each further one. */
  readonly pause: number;
}

/** A message as the broker has it. */
export interface Message {
  readonly pubsub: string;
  readonly topic: string;
  /** A CloudEvent in JSON, unless its publisher wanted it raw. */
  readonly bytes: Buffer;
}

/** What became of a message that an app wanted. */
export interface Delivery {
  readonly appId: string;
  readonly pubsub: string;
  readonly topic: string;
  /** The CloudEvent. */
  readonly event: Readonly<Table>;
  /** How often the app got it. */
  readonly attempts: number;
  /** What the app said at last; RETRY when it never said anything else. */
  readonly outcome: Outcome;
  /** Why it was no success. */
  readonly reason?: string;
  /** The topic of the same component that it went to instead. */
  readonly deadLetterTopic?: string;
}

/** Delivers messages to those who want them. */
export interface Broker {
  /** All messages in the order in which they came. */
  readonly messages: readonly Message[];
  /** Those that have come to an end, in its order. */
  readonly deliveries: readonly Delivery[];
  readonly subscriptions: readonly Subscription[];
  subscribe(appId: string, channel: AppChannel, subscriptions: readonly Subscription[]): void;
  unsubscribe(appId: string): void;
  /** Begins to deliver; each subscription has a promise, which never rejects. */
  publish(message: Message): Promise<Delivery>[];
  /** Gives up what waits for its next attempt. */
  close(): void;
}

interface Subscriber {
  readonly appId: string;
  readonly subscription: Subscription;
  /** Never rejects. */
  readonly send: (event: Table, bytes: Buffer) => Promise<TopicAnswer>;
}

/**
 * Makes a broker. Messages are delivered at once and side by side, as Redis Streams does; what becomes of them is what
 * https://github.com/dapr/dapr/blob/v1.16.5/pkg/runtime/subscription/subscription.go does, with a resiliency policy of
 * this many attempts.
 */
export function makeBroker({ attempts, pause }: RetryPolicy, pending: Pending): Broker {
  const messages: Message[] = [];
  const deliveries: Delivery[] = [];
  const closing = new AbortController();
  let subscribers: Subscriber[] = [];

  const deliver = async (message: Message, subscriber: Subscriber): Promise<Delivery> => {
    const { deadLetterTopic } = subscriber.subscription;
    const delivery = await persist(message, subscriber, { attempts, pause }, closing.signal);
    const isDead = delivery.outcome === 'RETRY' || delivery.outcome === 'DROP';
    if (!isDead || deadLetterTopic === undefined) {
      deliveries.push(delivery);
      return delivery;
    }
    const dead = { ...delivery, deadLetterTopic };
    deliveries.push(dead);
    void publish({ ...message, topic: deadLetterTopic });
    return dead;
  };
  const publish = (message: Message): Promise<Delivery>[] => {
    messages.push(message);
    return subscribers
      .filter(({ subscription: { pubsub, topic } }) => pubsub === message.pubsub && topic === message.topic)
      .map((subscriber) =>
        pending.track(`a message of ${message.pubsub}/${message.topic}`, deliver(message, subscriber)),
      );
  };
  return {
    messages,
    deliveries,
    get subscriptions() {
      return subscribers.map(({ subscription }) => subscription);
    },
    subscribe(appId, channel, subscriptions) {
      subscribers.push(
        ...subscriptions.map((subscription) => ({ appId, subscription, send: senderOf(channel, subscription) })),
      );
    },
    unsubscribe(appId) {
      subscribers = subscribers.filter((subscriber) => subscriber.appId !== appId);
    },
    publish,
    close: () => closing.abort(),
  };
}

/** Delivers a message until the app does not want it again, or for as many times as the policy says. */
async function persist(
  message: Message,
  { appId, subscription, send }: Subscriber,
  { attempts, pause }: RetryPolicy,
  signal: AbortSignal,
): Promise<Delivery> {
  const event = eventFor(message, subscription);
  const { pubsub, topic } = subscription;
  let made = 0;
  let answer: TopicAnswer;
  do {
    if (made > 0) await sleep(pause, signal);
    made += 1;
    answer = typeof event === 'string' ? unreadable(event) : await send(event, message.bytes);
  } while (answer.outcome === 'RETRY' && made < attempts && !signal.aborted);
  return { ...answer, appId, pubsub, topic, event: typeof event === 'string' ? {} : event, attempts: made };
}

function senderOf(channel: AppChannel, subscription: Subscription): Subscriber['send'] {
  if (subscription.bulk !== undefined) {
    const collect = collectBulks(channel, subscription);
    return (event, bytes) => collect(isRaw(subscription) ? bytes : event);
  }
  return async (event) => {
    try {
      return await channel.deliver({ subscription, event });
    } catch (error) {
      return { outcome: 'RETRY', reason: messageOf(error) };
    }
  };
}

/** A text that says why when the message is no CloudEvent. */
function eventFor({ bytes, pubsub, topic }: Message, subscription: Subscription): Table | string {
  return isRaw(subscription) ? rawEnvelopeOf(bytes, pubsub, topic) : parseEnvelope(bytes);
}

/** A raw payload whose subscriber does not say that it wants such; it is tried again, in vain. */
function unreadable(why: string): TopicAnswer {
  return { outcome: 'RETRY', reason: `it is no CloudEvent, and the subscription is not for raw payloads: ${why}` };
}

/** Ends early when it is aborted. */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const wake = (): void => resolve();
  signal.addEventListener('abort', wake, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', wake);
}
