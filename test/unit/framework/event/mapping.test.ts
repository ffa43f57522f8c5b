import { expect, test } from 'vitest';
import { parseSource } from '../../../../src/framework/event/to-legacy.ts';
import { splitResource } from '../../../../src/framework/event/to-cloud-event.ts';
import { serve } from '../../../support/function-server.ts';

type Json = Record<string, unknown>;

interface Pair {
  readonly what: string;
  readonly legacy: Json;
  readonly cloudEvent: Json;
  /** Where the way back does not give what came in. */
  readonly back?: Json;
}

const TIME = '2026-02-03T04:05:06.789Z';
const attributes = (type: string, source: string, subject?: string): Json => ({
  id: '42',
  time: TIME,
  specversion: '1.0',
  datacontenttype: 'application/json',
  type,
  source,
  ...(subject === undefined ? {} : { subject }),
});
const old = (eventType: string, resource: string, data: Json, rest: Json = {}): Json => ({
  eventId: '42',
  timestamp: TIME,
  eventType,
  resource,
  data,
  ...rest,
});
const modern = (eventType: string, resource: unknown, data: Json): Json => ({
  context: { eventId: '42', timestamp: TIME, eventType, resource },
  data,
});
const MESSAGE_TYPE = 'type.googleapis.com/google.pubsub.v1.PubsubMessage';
const DOCUMENT = 'projects/p/databases/(default)/documents/users/ü/pets/rex';

/** By the mapping's tables and rules, one pair for each. */
const pairs: Pair[] = [
  {
    what: 'a Pub/Sub message',
    legacy: modern(
      'google.pubsub.topic.publish',
      { service: 'pubsub.googleapis.com', name: 'projects/p/topics/t', type: MESSAGE_TYPE },
      { '@type': MESSAGE_TYPE, data: 'eA==', attributes: { k: 'v' } },
    ),
    cloudEvent: {
      ...attributes('google.cloud.pubsub.topic.v1.messagePublished', '//pubsub.googleapis.com/projects/p/topics/t'),
      data: {
        message: { '@type': MESSAGE_TYPE, data: 'eA==', attributes: { k: 'v' }, publishTime: TIME, messageId: '42' },
      },
    },
  },
  {
    what: 'a Pub/Sub message under its old name',
    legacy: old('providers/cloud.pubsub/eventTypes/topic.publish', 'projects/p/topics/t', { data: 'eA==' }),
    cloudEvent: {
      ...attributes('google.cloud.pubsub.topic.v1.messagePublished', '//pubsub.googleapis.com/projects/p/topics/t'),
      data: { message: { data: 'eA==', publishTime: TIME, messageId: '42' } },
    },
    back: modern(
      'google.pubsub.topic.publish',
      { service: 'pubsub.googleapis.com', name: 'projects/p/topics/t', type: MESSAGE_TYPE },
      { data: 'eA==' },
    ),
  },
  ...(
    [
      ['google.storage.object.finalize', 'finalized'],
      ['google.storage.object.delete', 'deleted'],
      ['google.storage.object.archive', 'archived'],
      ['google.storage.object.metadataUpdate', 'metadataUpdated'],
      ['providers/cloud.storage/eventTypes/object.change', 'finalized'],
    ] as const
  ).flatMap(([type, verb]): Pair[] => {
    const name = 'projects/_/buckets/b/objects/folder/file.txt';
    const data = { kind: 'storage#object', size: '5' };
    const service = 'storage.googleapis.com';
    const changed = type.startsWith('providers/');
    const back = modern('google.storage.object.finalize', { service, name, type: 'storage#object' }, data);
    const pair = {
      what: `a stored object, ${type}`,
      legacy: modern(type, { service, name, type: 'storage#object' }, data),
      cloudEvent: {
        ...attributes(
          `google.cloud.storage.object.v1.${verb}`,
          `//${service}/projects/_/buckets/b`,
          'objects/folder/file.txt',
        ),
        data,
      },
    };
    return [changed ? { ...pair, back } : pair];
  }),
  {
    what: 'a stored object with its generation',
    legacy: modern(
      'google.storage.object.finalize',
      { service: 'storage.googleapis.com', name: 'projects/_/buckets/b/objects/f#1588778055917163' },
      { kind: 'storage#object' },
    ),
    cloudEvent: {
      ...attributes(
        'google.cloud.storage.object.v1.finalized',
        '//storage.googleapis.com/projects/_/buckets/b',
        'objects/f',
      ),
      data: { kind: 'storage#object' },
    },
    back: modern(
      'google.storage.object.finalize',
      { service: 'storage.googleapis.com', name: 'projects/_/buckets/b/objects/f', type: 'storage#object' },
      { kind: 'storage#object' },
    ),
  },
  ...(['write', 'create', 'update', 'delete'] as const).flatMap((verb): Pair[] => {
    const past = { write: 'written', create: 'created', update: 'updated', delete: 'deleted' }[verb];
    const database = { data: null, delta: { n: 1 } };
    return [
      {
        what: `a document, ${verb}`,
        legacy: old(`providers/cloud.firestore/eventTypes/document.${verb}`, DOCUMENT, { value: { fields: {} } }),
        cloudEvent: {
          ...attributes(
            `google.cloud.firestore.document.v1.${past}`,
            '//firestore.googleapis.com/projects/p/databases/(default)',
            'documents/users/ü/pets/rex',
          ),
          data: { value: { fields: {} } },
        },
      },
      {
        what: `a database reference, ${verb}`,
        legacy: old(
          `providers/google.firebase.database/eventTypes/ref.${verb}`,
          'projects/_/instances/i/refs/a/b',
          database,
          {
            domain: 'europe-west1.firebasedatabase.app',
          },
        ),
        cloudEvent: {
          ...attributes(
            `google.firebase.database.ref.v1.${past}`,
            '//firebasedatabase.googleapis.com/projects/_/locations/europe-west1/instances/i',
            'refs/a/b',
          ),
          data: database,
        },
        back: old(
          `providers/google.firebase.database/eventTypes/ref.${verb}`,
          'projects/_/instances/i/refs/a/b',
          database,
        ),
      },
    ];
  }),
  {
    what: 'a database reference of the first region',
    legacy: old(
      'providers/google.firebase.database/eventTypes/ref.write',
      'projects/_/instances/i/refs/a',
      { delta: 1 },
      {
        domain: 'firebaseio.com',
      },
    ),
    cloudEvent: {
      ...attributes(
        'google.firebase.database.ref.v1.written',
        '//firebasedatabase.googleapis.com/projects/_/locations/us-central1/instances/i',
        'refs/a',
      ),
      data: { delta: 1 },
    },
    back: old('providers/google.firebase.database/eventTypes/ref.write', 'projects/_/instances/i/refs/a', { delta: 1 }),
  },
  ...(['create', 'delete'] as const).map((verb): Pair => ({
    what: `a user, ${verb}`,
    legacy: old(`providers/firebase.auth/eventTypes/user.${verb}`, 'projects/p', {
      uid: 'U',
      email: 'a@b.c',
      metadata: { createdAt: 'c', lastSignedInAt: 'l', other: 1 },
    }),
    cloudEvent: {
      ...attributes(`google.firebase.auth.user.v1.${verb}d`, '//firebaseauth.googleapis.com/projects/p', 'users/U'),
      data: { uid: 'U', email: 'a@b.c', metadata: { createTime: 'c', lastSignInTime: 'l', other: 1 } },
    },
  })),
  {
    what: 'an analytics event',
    legacy: old('providers/google.firebase.analytics/eventTypes/event.log', 'projects/p/events/session_start', {
      userDim: { appInfo: { appId: 'app.id' } },
    }),
    cloudEvent: {
      ...attributes(
        'google.firebase.analytics.log.v1.written',
        '//firebaseanalytics.googleapis.com/projects/p/apps/app.id',
        'events/session_start',
      ),
      data: { userDim: { appInfo: { appId: 'app.id' } } },
    },
  },
  {
    what: 'a remote configuration',
    legacy: old('providers/firebase.remoteConfig/remoteconfig.update', 'projects/p', { versionNumber: '5' }),
    cloudEvent: {
      ...attributes(
        'google.firebase.remoteconfig.remoteConfig.v1.updated',
        '//firebaseremoteconfig.googleapis.com/projects/p',
      ),
      data: { versionNumber: '5' },
    },
  },
];

const json = { 'content-type': 'application/json' };

test.each(pairs.map((pair) => [pair.what, pair] as const))(
  '%s becomes a CloudEvent',
  async (_, { legacy, cloudEvent }) => {
    const { call } = await serve((event: unknown) => ({ event }), 'cloudevent');
    const { body } = await call({ method: 'POST', headers: json, body: JSON.stringify(legacy) });
    expect(JSON.parse(body)).toEqual({ event: cloudEvent });
  },
);

test.each(pairs.map((pair) => [pair.what, pair] as const))(
  '%s as a CloudEvent becomes a legacy event',
  async (_, pair) => {
    const { data, datacontenttype: __, ...rest } = pair.cloudEvent;
    const headers = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [`ce-${name}`, encodeURI(String(value))]),
    );
    const { call } = await serve((payload: unknown, context: unknown) => ({ context, data: payload }), 'event');
    const { body } = await call({ method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(data) });
    const expected = pair.back ?? pair.legacy;
    const { data: payload, ...context } = expected;
    expect(JSON.parse(body)).toEqual({ context: expected['context'] ?? context, data: payload });
  },
);

test('a CloudEvent reaches a CloudEvent function as it is, whatever its type', async () => {
  const { call } = await serve((event: unknown) => ({ event }), 'cloudevent');
  for (const { cloudEvent } of pairs) {
    const headers = { 'content-type': 'application/cloudevents+json' };
    const { body } = await call({ method: 'POST', headers, body: JSON.stringify(cloudEvent) });
    expect(JSON.parse(body)).toEqual({ event: cloudEvent });
  }
});

test.each<[string, Json, string]>([
  [
    'a database without domain',
    old('providers/google.firebase.database/eventTypes/ref.write', 'projects/_/instances/i/refs/a', {}),
    'Unable to convert to a firebasedatabase.googleapis.com CloudEvent: invalid domain.',
  ],
  [
    'a database with a strange domain',
    old(
      'providers/google.firebase.database/eventTypes/ref.write',
      'projects/_/instances/i/refs/a',
      {},
      { domain: 'x' },
    ),
    'Unable to convert to a firebasedatabase.googleapis.com CloudEvent: invalid domain.',
  ],
  [
    'a resource of another form',
    old('google.storage.object.finalize', 'nonsense', {}),
    'Resource string did not match expected format: nonsense.',
  ],
])('%s is the fault of the sender', async (_, legacy, text) => {
  let called = false;
  const { call } = await serve(() => void (called = true), 'cloudevent');
  const { status, body } = await call({ method: 'POST', headers: json, body: JSON.stringify(legacy) });
  expect([status, body, called]).toEqual([400, text, false]);
});

test('a service that nobody knows', () => {
  expect(splitResource({ eventType: 'x.y', resource: 'r' })).toEqual({
    problem: 'Unable to find equivalent CloudEvent service for x.y.',
  });
  expect(splitResource({ eventType: 'x.y', resource: { service: 's', name: 'n' } })).toEqual({
    event: { service: 's', resource: 'n', subject: '' },
  });
});

test('a source that is none', () => {
  expect(parseSource('nonsense')).toEqual({ problem: 'Failed to convert CloudEvent with invalid source: "nonsense"' });
  expect(parseSource('//a.b/c/d')).toEqual({ event: { service: 'a.b', name: 'c/d' } });
});
