import { messageOf } from '../../base/error.ts';
import type { AppChannel, BulkEntry, Subscription, TopicAnswer } from './app-channel.ts';

/** Delivers a message together with others; what the app says of this one. */
export type Collect = (event: BulkEntry['event']) => Promise<TopicAnswer>;

interface Collected {
  readonly entry: BulkEntry;
  readonly resolve: (answer: TopicAnswer) => void;
}

/** Milliseconds that the first message of a bulk waits for others at most, however long the app would let it. */
const WAIT = 10;

/** Collects the messages of a subscription in bulks. */
export function collectBulks(channel: AppChannel, subscription: Subscription): Collect {
  const { count = 1, wait = 0 } = subscription.bulk ?? {};
  let collected: Collected[] = [];
  const flush = (): void => {
    const bulk = collected;
    collected = [];
    if (bulk.length > 0) void deliver(channel, subscription, bulk);
  };
  return (event) => {
    const { promise, resolve } = Promise.withResolvers<TopicAnswer>();
    collected.push({ entry: { id: globalThis.crypto.randomUUID(), event }, resolve });
    if (collected.length >= count) flush();
    else if (collected.length === 1) setTimeout(flush, Math.min(wait, WAIT));
    return promise;
  };
}

async function deliver(channel: AppChannel, subscription: Subscription, bulk: readonly Collected[]): Promise<void> {
  const answers = await ask(
    channel,
    subscription,
    bulk.map(({ entry }) => entry),
  );
  for (const { entry, resolve } of bulk) {
    resolve(answers.get(entry.id) ?? { outcome: 'RETRY', reason: 'the app did not say what became of it' });
  }
}

async function ask(
  channel: AppChannel,
  subscription: Subscription,
  entries: readonly BulkEntry[],
): Promise<ReadonlyMap<string, TopicAnswer>> {
  try {
    return await channel.deliverBulk(subscription, entries);
  } catch (error) {
    const answer: TopicAnswer = { outcome: 'RETRY', reason: messageOf(error) };
    return new Map(entries.map(({ id }) => [id, answer]));
  }
}
