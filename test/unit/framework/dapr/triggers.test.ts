import { expect, test } from 'vitest';
import type { OpenFunctionComponent } from '../../../../src/framework/context/types.ts';
import { subscriptionDocument } from '../../../../src/framework/dapr/subscriptions.ts';
import { triggersOf } from '../../../../src/framework/dapr/triggers.ts';
import { bindingInput, topicInput } from '../../../support/async-function.ts';
import { failureOf } from '../../../support/failure.ts';

const documentOf = (...all: OpenFunctionComponent[]): unknown => {
  const inputs = Object.fromEntries(all.map((input, i) => [`in${i}`, input]));
  return JSON.parse(subscriptionDocument(triggersOf({ inputs }).filter((trigger) => trigger.kind === 'topic')));
};

test('topics are subscribed to, bindings are not', () => {
  expect(documentOf(topicInput('a'), bindingInput('b'), topicInput('c', 'Other'))).toEqual([
    { pubsubname: 'ps', topic: 'a', route: '/ps--a--default' },
    { pubsubname: 'Other', topic: 'c', route: '/other--c--default' },
  ]);
});

test.each([
  ['Orders', '/ps--orders--default'],
  ['a/b', '/ps--a/b--default'],
  ['sensors/+/temp', '/ps--sensors/+/temp--default'],
  ['all/#', '/ps--all/%23--default'],
  ['a?b', '/ps--a%3Fb--default'],
  ['50%', '/ps--50%25--default'],
  ['a b', '/ps--a%20b--default'],
  ['é', '/ps--é--default'],
])('the route of the topic %s', (topic, route) => {
  expect(documentOf(topicInput(topic))).toEqual([{ pubsubname: 'ps', topic, route }]);
});

test.each<[string, Record<string, string>, object]>([
  ['none', {}, {}],
  ['raw payloads', { rawPayload: 'true' }, { metadata: { rawPayload: 'true' } }],
  ['a dead letter topic', { deadLetterTopic: 'dead' }, { deadLetterTopic: 'dead' }],
  ['bulks', { 'bulkSubscribe.enabled': 'true' }, { bulkSubscribe: { enabled: true } }],
  [
    'bulks of a size',
    {
      'bulkSubscribe.enabled': 'true',
      'bulkSubscribe.maxMessagesCount': '10',
      'bulkSubscribe.maxAwaitDurationMs': '20',
    },
    { bulkSubscribe: { enabled: true, maxMessagesCount: 10, maxAwaitDurationMs: 20 } },
  ],
  [
    'bulks of a size that is none',
    {
      'bulkSubscribe.enabled': 'true',
      'bulkSubscribe.maxMessagesCount': '1.5',
      'bulkSubscribe.maxAwaitDurationMs': 'x',
    },
    { bulkSubscribe: { enabled: true } },
  ],
  ['no bulks', { 'bulkSubscribe.enabled': 'false', 'bulkSubscribe.maxMessagesCount': '10' }, {}],
])('metadata of an input: %s', (_, metadata, more) => {
  const subscription = { pubsubname: 'ps', topic: 't', route: '/ps--t--default' };
  expect(documentOf(topicInput('t', 'ps', metadata))).toEqual([{ ...subscription, ...more }]);
});

test.each<[string, Record<string, OpenFunctionComponent>]>([
  ['no inputs', {}],
  ['a topic without a name', { in: { componentName: 'ps', componentType: 'pubsub.redis' } }],
  ['a state store', { in: { componentName: 'st', componentType: 'state.redis' } }],
  ['a type that is unknown', { in: { componentName: 'x', componentType: 'queues.x' } }],
  ['no type', { in: { componentName: 'x', componentType: '' } }],
])('%s can not be listened to', async (_, inputs) => {
  expect(await failureOf(() => triggersOf({ inputs }))).toMatchSnapshot();
});

test.each(['bindings', 'bindings.Kafka', 'bindings.unknown', 'pubsub', 'pubsub.unknown'])('%s can', (componentType) => {
  expect(triggersOf({ inputs: { in: { componentName: 'x', componentType, uri: 'u' } } })).toHaveLength(1);
});
