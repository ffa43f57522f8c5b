import type { ListTopicSubscriptionsResponse } from '../grpc/subscription.ts';
import type { Init } from '../grpc/writer.ts';
import type { TopicTrigger } from './triggers.ts';

/** What `GET /dapr/subscribe` answers: https://docs.dapr.io/reference/api/pubsub_api/ */
export function subscriptionDocument(triggers: readonly TopicTrigger[]): string {
  return JSON.stringify(
    triggers.map(({ pubsub, topic, route, metadata, deadLetterTopic, bulk }) => ({
      pubsubname: pubsub,
      topic,
      route,
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      ...(deadLetterTopic === undefined ? {} : { deadLetterTopic }),
      ...(bulk === undefined ? {} : { bulkSubscribe: bulk }),
    })),
  );
}

/** What ListTopicSubscriptions answers. */
export function subscriptionsOf(
  triggers: readonly TopicTrigger[],
): NonNullable<Init<ListTopicSubscriptionsResponse>['subscriptions']> {
  return triggers.map(({ pubsub, topic, route, metadata, deadLetterTopic, bulk }) => ({
    pubsubName: pubsub,
    topic,
    metadata,
    routes: { default: route },
    deadLetterTopic,
    bulkSubscribe: bulk,
  }));
}
