/** Services that legacy events come from. */
export const SERVICE = {
  analytics: 'firebaseanalytics.googleapis.com',
  auth: 'firebaseauth.googleapis.com',
  database: 'firebasedatabase.googleapis.com',
  firestore: 'firestore.googleapis.com',
  pubsub: 'pubsub.googleapis.com',
  remoteConfig: 'firebaseremoteconfig.googleapis.com',
  storage: 'storage.googleapis.com',
} as const;

/** What a Pub/Sub message is called in legacy events. */
export const PUBSUB_MESSAGE = 'type.googleapis.com/google.pubsub.v1.PubsubMessage';

/** The type of a raw Pub/Sub push, as a legacy event. */
export const PUBSUB_PUBLISH = 'google.pubsub.topic.publish';

/**
 * Types of CloudEvents and of the legacy events that mean the same:
 * https://github.com/GoogleCloudPlatform/functions-framework-conformance/blob/main/docs/mapping.md
 */
const PAIRS: readonly (readonly [cloudEvent: string, legacy: string])[] = [
  ['google.cloud.pubsub.topic.v1.messagePublished', PUBSUB_PUBLISH],
  ['google.cloud.storage.object.v1.finalized', 'google.storage.object.finalize'],
  ['google.cloud.storage.object.v1.deleted', 'google.storage.object.delete'],
  ['google.cloud.storage.object.v1.archived', 'google.storage.object.archive'],
  ['google.cloud.storage.object.v1.metadataUpdated', 'google.storage.object.metadataUpdate'],
  ['google.cloud.firestore.document.v1.written', 'providers/cloud.firestore/eventTypes/document.write'],
  ['google.cloud.firestore.document.v1.created', 'providers/cloud.firestore/eventTypes/document.create'],
  ['google.cloud.firestore.document.v1.updated', 'providers/cloud.firestore/eventTypes/document.update'],
  ['google.cloud.firestore.document.v1.deleted', 'providers/cloud.firestore/eventTypes/document.delete'],
  ['google.firebase.auth.user.v1.created', 'providers/firebase.auth/eventTypes/user.create'],
  ['google.firebase.auth.user.v1.deleted', 'providers/firebase.auth/eventTypes/user.delete'],
  ['google.firebase.remoteconfig.remoteConfig.v1.updated', 'providers/firebase.remoteConfig/remoteconfig.update'],
  ['google.firebase.analytics.log.v1.written', 'providers/google.firebase.analytics/eventTypes/event.log'],
  ['google.firebase.database.ref.v1.created', 'providers/google.firebase.database/eventTypes/ref.create'],
  ['google.firebase.database.ref.v1.written', 'providers/google.firebase.database/eventTypes/ref.write'],
  ['google.firebase.database.ref.v1.updated', 'providers/google.firebase.database/eventTypes/ref.update'],
  ['google.firebase.database.ref.v1.deleted', 'providers/google.firebase.database/eventTypes/ref.delete'],
];

/** Legacy types that have a newer name too. */
const OLD_NAMES: readonly (readonly [cloudEvent: string, legacy: string])[] = [
  ['google.cloud.storage.object.v1.finalized', 'providers/cloud.storage/eventTypes/object.change'],
  ['google.cloud.pubsub.topic.v1.messagePublished', 'providers/cloud.pubsub/eventTypes/topic.publish'],
];

/** The legacy type of a CloudEvent's type. */
export const LEGACY_TYPES: ReadonlyMap<string, string> = new Map(PAIRS);

/** The CloudEvent type of a legacy event's type. */
export const CLOUD_EVENT_TYPES: ReadonlyMap<string, string> = new Map(
  [...PAIRS, ...OLD_NAMES].map(([cloudEvent, legacy]) => [legacy, cloudEvent]),
);

const SERVICE_PREFIXES: readonly (readonly [prefix: string, service: string])[] = [
  ['providers/cloud.firestore/', SERVICE.firestore],
  ['providers/google.firebase.analytics/', SERVICE.analytics],
  ['providers/firebase.auth/', SERVICE.auth],
  ['providers/firebase.remoteConfig/', SERVICE.remoteConfig],
  ['providers/google.firebase.database/', SERVICE.database],
  ['providers/cloud.pubsub/', SERVICE.pubsub],
  ['providers/cloud.storage/', SERVICE.storage],
  ['google.pubsub', SERVICE.pubsub],
  ['google.storage', SERVICE.storage],
];

/** The service of a legacy type, for events that do not name theirs. */
export function serviceOf(legacyType: string): string | undefined {
  return SERVICE_PREFIXES.find(([prefix]) => legacyType.startsWith(prefix))?.[1];
}
