import type { TopicTrigger, Trigger } from './triggers.ts';

/** What `GET /dapr/subscribe` answers: https://docs.dapr.io/reference/api/pubsub_api/#provide-a-route-for-dapr-to-discover-topic-subscriptions */
export function subscriptionDocument(triggers: readonly Trigger[]): string {
  return JSON.stringify(triggers.filter((trigger) => trigger.kind === 'topic').map(subscriptionOf));
}

function subscriptionOf({ pubsub, topic, route, metadata, deadLetterTopic, bulk }: TopicTrigger): object {
  return {
    pubsubname: pubsub,
    topic,
    route,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(deadLetterTopic === undefined ? {} : { deadLetterTopic }),
    ...(bulk === undefined ? {} : { bulkSubscribe: bulk }),
  };
}
