import { triggerFor, type BindingTrigger, type TopicTrigger, type TopicTriggers, type Trigger } from './triggers.ts';

/** Finds what a message over gRPC is for. */
export interface TriggerFinder {
  /** By the path that the subscription named, else by component and topic; undefined when nothing listens. */
  readonly topic: (path: string, pubsub: string, topic: string) => TopicTrigger | undefined;
  readonly binding: (component: string) => BindingTrigger | undefined;
}

/** Makes it. */
export function triggerFinder(triggers: readonly Trigger[]): TriggerFinder {
  const bindings = new Map<string, BindingTrigger>();
  const topics = new Map<string, TopicTriggers>();
  const add = (key: string, trigger: TopicTrigger): void => {
    const same = topics.get(key);
    topics.set(key, same === undefined ? [trigger] : [...same, trigger]);
  };
  for (const trigger of triggers) {
    if (trigger.kind === 'binding') {
      bindings.set(trigger.component, trigger);
    } else {
      for (const path of trigger.paths) add(path, trigger);
      add(keyOf(trigger.pubsub, trigger.topic), trigger);
      // OpenFunction's proxy names the topic without a slash for a path.
      if (trigger.topic !== '') add(trigger.topic, trigger);
    }
  }
  return {
    topic(path, pubsub, topic) {
      const found = topics.get(path) ?? topics.get(keyOf(pubsub, topic));
      return found && triggerFor(found, { pubsubname: pubsub, topic });
    },
    binding: (component) => bindings.get(component),
  };
}

function keyOf(pubsub: string, topic: string): string {
  return `${pubsub}\0${topic}`;
}
